// SPDX-License-Identifier: Apache-2.0
// Reads files of a git revision through the git program, without a shell and without writing anything.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace icplan::app {

/// The revision or the path is not there: what was asked for is wrong rather than the machine.
struct UnknownRevision : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One revision, seen from one folder.
class GitRevision {
public:
  /// Finds the repository of the folder. Throws std::runtime_error when git or a repository is missing, UnknownRevision when the revision is.
  GitRevision(std::string folder, std::string revision);

  /// Throws UnknownRevision unless the revision has the file.
  void require(const std::string& path) const;
  /// The file as that revision has it; of one beyond `most` bytes so much that it is too large. `path` starts where the program does. Throws
  /// std::system_error when the revision does not have it.
  [[nodiscard]] std::string read(const std::string& path, std::size_t most) const;

private:
  /// REVISION:./PATH
  [[nodiscard]] std::string object(const std::string& path) const;

  std::string folder_;
  std::string shown_;
  std::string commit_;
};

} // namespace icplan::app
