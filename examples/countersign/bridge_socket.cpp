#include "bridge_socket.hpp"

#include "output.hpp"
#include "ws_connect.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace websocket = boost::beast::websocket;

namespace program {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Half of it in silence, and the server is pinged; all of it, and the connection is none.
constexpr auto longest_silence = seconds(60);
constexpr auto look_up_after = milliseconds(200), longest_goodbye = milliseconds(1000);
// Bytes of a frame that is sent; pings and answers to them go between two.
constexpr std::size_t frame_size = 65536;

}  // namespace

// One connection. All but `put` is of the thread that listens.
class bridge_socket::talk {
public:
  talk(bridge_socket& all, cs::websocket_connection socket) : all_(all), socket_(std::move(socket)) {
    stream().set_option(websocket::stream_base::timeout{longest_goodbye, longest_silence, true});
    stream().write_buffer_bytes(frame_size);
    stream().text(true);
  }

  // Until it ends; why it did.
  cs::error run() {
    socket_.loop().restart();  // the handshake has run it to its end
    read_next();
    if (auto const why = all_.begin(); why.code() != cs::errc::none) end(why);
    while (!over_ && all_.goes_on()) socket_.loop().run_for(look_up_after);
    if (!over_ && !all_.core_.stopped())
      why_ = cs::error{cs::errc::unanswered, "the server does not answer the greeting"};
    close();
    return why_;
  }

  // Any thread. Waits until it is sent.
  cs::error put(std::string_view bytes) {
    outgoing one{bytes, {}};
    std::unique_lock guard(lock_);
    if (closed_) return why_;
    waiting_.push_back(&one);
    boost::asio::post(socket_.loop(), [this] { write_next(); });
    sent_.wait(guard, [&] { return one.sent || closed_; });
    return one.sent ? cs::error() : why_;
  }
  // Does not wait.
  cs::error put_own(cs::secret bytes) {
    if (!bytes.ok()) return cs::error{cs::errc::no_memory, "out of memory"};
    std::lock_guard const guard(lock_);
    own_.push_back(outgoing{{}, std::move(bytes)});
    own_.back().bytes = own_.back().kept.reveal();
    waiting_.push_back(&own_.back());
    boost::asio::post(socket_.loop(), [this] { write_next(); });
    return {};
  }

private:
  struct outgoing {
    std::string_view bytes;
    cs::secret kept;
    bool sent = false;
  };

  boost::beast::websocket::stream<cs::detail::beast_wire, false>& stream() { return socket_.stream(); }

  void read_next() {
    reading_ = true;
    stream().async_read(buffer_, [this](boost::system::error_code const& why, std::size_t) {
      reading_ = false;
      if (why) return end(reason(why));
      if (stream().got_binary()) {
        say("the server sent a binary message, which MCP has not; it is dropped");
      } else {
        auto const bytes = buffer_.cdata();
        auto const fault =
            hear(cs::secret(std::string_view(static_cast<char const*>(bytes.data()), bytes.size())));
        if (fault.code() != cs::errc::none) return end(fault);
      }
      buffer_ = boost::beast::flat_buffer();  // of a large message nothing is kept
      if (!over_) read_next();
    });
  }
  cs::error hear(cs::secret text) {
    try {
      return all_.hear(std::move(text));
    } catch (std::exception const&) {
      return cs::error{cs::errc::no_memory, "out of memory"};
    }
  }
  void write_next() {
    std::unique_lock guard(lock_);
    if (writing_ || over_ || waiting_.empty()) return;
    writing_ = true;
    auto* const one = waiting_.front();
    guard.unlock();
    stream().async_write(boost::asio::buffer(one->bytes.data(), one->bytes.size()),
                         [this, one](boost::system::error_code const& why, std::size_t) {
                           writing_ = false;
                           if (why) return end(reason(why));
                           {
                             std::lock_guard const held(lock_);
                             waiting_.pop_front();
                             one->sent = true;
                             if (!own_.empty() && one == &own_.front()) own_.pop_front();
                           }
                           sent_.notify_all();
                           write_next();
                         });
  }
  void end(cs::error const& why) {
    if (std::exchange(over_, true)) return;
    why_ = why;
  }
  cs::error reason(boost::system::error_code const& why) {
    if (why == websocket::error::closed)
      // What a server gives as its reason is its own text.
      return cs::error{cs::errc::unanswered, "the server closed the connection, code ",
                       static_cast<unsigned>(stream().reason().code)};
    if (why == websocket::error::message_too_big)
      return cs::error{cs::errc::too_large, "the server sent a message of more than ", max_message, " bytes"};
    if (why == boost::beast::error::timeout)
      return cs::error{cs::errc::unanswered, "the server was silent for ",
                       static_cast<int>(longest_silence.count()), " s and answered no ping"};
    return cs::error{cs::errc::unanswered, "the connection was lost: ", why.message()};
  }
  // Whoever waits is let go only when nothing refers to his bytes any more.
  void close() {
    bool leaving = !std::exchange(over_, true);
    if (leaving)
      stream().async_close(websocket::close_code::normal,
                           [&](boost::system::error_code const&) { leaving = false; });
    auto const run_while = [&](auto&& busy) {
      socket_.loop().restart();
      auto const until = clock::now() + longest_goodbye;
      while (busy() && clock::now() < until) socket_.loop().run_one_for(look_up_after);
    };
    run_while([&] { return leaving; });
    stream().next_layer().close();
    run_while([&] { return leaving || reading_ || writing_; });
    std::lock_guard const guard(lock_);
    closed_ = true;
    if (why_.code() == cs::errc::none) why_ = cs::error{cs::errc::unanswered, too_late};
    sent_.notify_all();
  }

  bridge_socket& all_;
  cs::websocket_connection socket_;
  boost::beast::flat_buffer buffer_;
  bool over_ = false, reading_ = false, writing_ = false;
  std::mutex lock_;
  std::condition_variable sent_;
  std::deque<outgoing*> waiting_;
  std::deque<outgoing> own_;
  bool closed_ = false;
  cs::error why_;  // written before closed_, read after it
};

bridge_socket::bridge_socket(bridge_core& core) : bridge_channel(core) {}
bridge_socket::~bridge_socket() = default;

cs::error bridge_socket::hold(cs::response& refused) {
  auto socket = core_.remote.connect(core_.stopping(), refused);
  if (!socket) return socket.error();
  std::shared_ptr<talk> opened;
  try {
    opened = std::make_shared<talk>(*this, std::move(*socket));
  } catch (std::exception const&) {
    return cs::error{cs::errc::no_memory, "out of memory"};
  }
  {
    std::lock_guard const guard(lock_);
    open_ = opened;
  }
  auto const why = opened->run();
  std::lock_guard const guard(lock_);
  open_ = nullptr;
  return why;
}

cs::error bridge_socket::send(rpc_message const& message, cs::response&) {
  std::unique_lock guard(lock_);
  auto const to = open_;
  guard.unlock();
  return to != nullptr ? to->put(message.line.reveal())
                       : cs::error{cs::errc::unanswered, "the connection was lost"};
}

cs::error bridge_socket::greet(rpc_message const& message, cs::response&) {
  return open_->put_own(message.line);  // this thread alone changes which it is
}

}  // namespace program
