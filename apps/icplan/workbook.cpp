// SPDX-License-Identifier: Apache-2.0
// Writes workbooks with libxlsxwriter; without it, says so.
#include "workbook.hpp"

#include "files.hpp"

#include <stdexcept>

#ifdef ICPLAN_HAVE_XLSXWRITER
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <unistd.h>
#include <xlsxwriter.h>
#endif

namespace icplan::app {

#ifdef ICPLAN_HAVE_XLSXWRITER

namespace {

namespace fs = std::filesystem;

/// A folder of our own that goes with what is in it. The library writes to a named file only.
class ScratchFolder {
public:
  ScratchFolder() : path_((fs::temp_directory_path() / "icplan-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "cannot make a temporary folder");
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
  std::string path_;
};

/// Whether the whole text is a plain number; what merely looks like one to a spreadsheet, such as a part number, stays text.
bool read_number(const std::string& text, double& number) {
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

void write_sheet(lxw_workbook* workbook, const Sheet& sheet, lxw_format* title) {
  auto* page = workbook_add_worksheet(workbook, sheet.name.c_str());
  if (page == nullptr) throw std::runtime_error("cannot add sheet " + sheet.name);
  const auto& columns = sheet.table.columns;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto column = static_cast<lxw_col_t>(c);
    std::size_t width = columns[c].title.size();
    worksheet_write_string(page, 0, column, columns[c].title.c_str(), title);
    for (std::size_t r = 0; r < sheet.table.rows.size(); ++r) {
      const auto& cell = sheet.table.rows[r][c];
      const auto row = static_cast<lxw_row_t>(r + 1);
      width = std::max(width, cell.size());
      double number = 0;
      if (columns[c].right && read_number(cell, number)) {
        worksheet_write_number(page, row, column, number, nullptr);
      } else if (!cell.empty()) {
        worksheet_write_string(page, row, column, cell.c_str(), nullptr);
      }
    }
    constexpr std::size_t widest = 60;
    worksheet_set_column(page, column, column, static_cast<double>(std::min(width, widest) + 2), nullptr);
  }
  worksheet_freeze_panes(page, 1, 0);
  if (!sheet.table.rows.empty())
    worksheet_autofilter(page, 0, 0, static_cast<lxw_row_t>(sheet.table.rows.size()), static_cast<lxw_col_t>(columns.size() - 1));
}

} // namespace

bool has_workbooks() { return true; }

std::string workbook_bytes(const std::vector<Sheet>& sheets) {
  const ScratchFolder folder;
  const auto path = folder.file("workbook.xlsx");
  auto* workbook = workbook_new(path.c_str());
  if (workbook == nullptr) throw std::runtime_error("cannot make a workbook");
  lxw_doc_properties properties = {};
  // The library would put the present time in: 2000-01-01 instead.
  properties.created = 946'684'800;
  workbook_set_properties(workbook, &properties);
  auto* title = workbook_add_format(workbook);
  format_set_bold(title);
  for (const auto& sheet : sheets) write_sheet(workbook, sheet, title);
  if (const auto error = workbook_close(workbook); error != LXW_NO_ERROR)
    throw std::runtime_error(std::string("cannot write the workbook: ") + lxw_strerror(error));
  return read_file(path);
}

#else

bool has_workbooks() { return false; }

std::string workbook_bytes(const std::vector<Sheet>&) { throw std::runtime_error("this icplan is built without libxlsxwriter"); }

#endif

} // namespace icplan::app
