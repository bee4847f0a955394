#pragma once
// The stdio server of the demo: it has its credentials from the environment, and uses them to log in to
// a database.

namespace program {

/// Answers on standard output what stands on standard input, until that ends. DATABASE_URL, DB_USER and
/// DB_PASSWORD say where its database is and as whom it logs in.
int serve_stdio();

}  // namespace program
