#include "at_terminal.hpp"

#include "output.hpp"

#include <countersign/oauth/terminal_person.hpp>

#include <csignal>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

int volatile stop = 0;

void on_interrupt(int) { stop = 1; }

// Only while somebody is waited for: everything else an interrupt just ends.
class heeding_interrupts {
public:
  heeding_interrupts() {
    struct sigaction ours = {};
    ours.sa_handler = on_interrupt;
    ::sigaction(SIGINT, &ours, &before_);
  }
  heeding_interrupts(heeding_interrupts const&) = delete;
  ~heeding_interrupts() { ::sigaction(SIGINT, &before_, nullptr); }

private:
  struct sigaction before_ = {};
};

struct line {
  void operator()(std::string_view text) const { say(text); }
};

cs::oauth::terminal_rules rules_of(options const& asked, std::string_view host) {
  cs::oauth::terminal_rules rules;
  if (!host.empty()) rules.host = cs::owned_text(host);
  rules.open_browser = !asked.no_browser;
  rules.patience = cs::seconds(asked.timeout);
  rules.stop = &stop;
  return rules;
}

}  // namespace

struct at_terminal::asking {
  cs::oauth::terminal_person<line> person;
};

at_terminal::at_terminal(options const& asked, std::string_view host, cs::context const& outside)
    : asks_(new asking{cs::oauth::terminal_person<line>(line(), rules_of(asked, host), outside)}) {}

at_terminal::~at_terminal() = default;

cs::result<cs::secret> at_terminal::operator()(cs::question const& what) {
  heeding_interrupts const guard;
  return asks_->person(what);
}

bool at_terminal::interrupted() const { return stop != 0; }

}  // namespace program
