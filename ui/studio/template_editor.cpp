// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/template_editor.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTimer>

#include "ui/studio/template_colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/paint.h"

namespace freshet::studio {
namespace {

constexpr int kNumberMargin = 0;
constexpr int kGapMargin = 1;
constexpr int kNumberWidth = 34;
constexpr int kGap = 8;
constexpr int kErrorMark = 8;  // indicators below 8 belong to lexers
constexpr int kWarningMark = 9;

// Scintilla's colours are 0xBBGGRR.
long rgb(const QColor& color) {
  return color.red() | color.green() << 8 | color.blue() << 16;
}

bool isPlainTyping(const bridge::TextChange& change) {
  return change.inserted.find('\n') == std::string::npos &&
         change.removed.find('\n') == std::string::npos;
}

}  // namespace

TemplateEditor::TemplateEditor(theme::Theme& theme, bridge::DocumentModel& document,
                               std::string file, QWidget* parent)
    : QsciScintillaBase(parent), m_theme(theme), m_document(document), m_file(std::move(file)) {
  setAccessibleName(tr("Text of %1").arg(QString::fromStdString(m_file)));
  setFrameShape(QFrame::NoFrame);
  setUp();
  const std::string text = document.text(m_file);
  send(SCI_SETEOLMODE, text.find("\r\n") == std::string::npos ? SC_EOL_LF : SC_EOL_CRLF);
  SendScintilla(SCI_ADDTEXT, static_cast<unsigned long>(text.size()), text.data());
  send(SCI_GOTOPOS, 0);
  applyColors();
  connect(
      this, &QsciScintillaBase::SCN_MODIFIED, this,
      [this](int at, int type, const char* bytes, int length) { take(at, type, bytes, length); });
  connect(this, &QsciScintillaBase::SCN_STYLENEEDED, this, [this] { refreshInks(); });
  connect(this, &QsciScintillaBase::SCN_UPDATEUI, this, [this](int updated) {
    if (updated & (SC_UPDATE_SELECTION | SC_UPDATE_CONTENT)) Q_EMIT caretMoved();
    if ((updated & SC_UPDATE_SELECTION) && !(updated & SC_UPDATE_CONTENT)) m_mayContinue = false;
  });
  connect(&document, &bridge::DocumentModel::textChanged, this, &TemplateEditor::follow);
  connect(&theme, &theme::Theme::changed, this, &TemplateEditor::applyColors);
}

long TemplateEditor::send(unsigned message, long first, long second) const {
  return SendScintilla(message, static_cast<unsigned long>(first), second);
}

void TemplateEditor::setUp() {
  send(SCI_SETCODEPAGE, SC_CP_UTF8);
  send(SCI_SETUNDOCOLLECTION, 0);
  send(SCI_EMPTYUNDOBUFFER);
  send(SCI_SETMODEVENTMASK, SC_MOD_INSERTTEXT | SC_MOD_DELETETEXT);
  send(SCI_SETLEXER, SCLEX_CONTAINER);
  send(SCI_USEPOPUP, 0);
  send(SCI_SETTABWIDTH, 2);
  send(SCI_SETUSETABS, 0);
  send(SCI_SETBACKSPACEUNINDENTS, 1);
  send(SCI_SETMULTIPLESELECTION, 1);
  send(SCI_SETADDITIONALSELECTIONTYPING, 1);
  send(SCI_SETMULTIPASTE, 1);
  send(SCI_SETSCROLLWIDTHTRACKING, 1);
  send(SCI_SETSCROLLWIDTH, 1);
  send(SCI_SETENDATLASTLINE, 0);
  send(SCI_SETCARETLINEVISIBLE, 1);
  send(SCI_SETCARETLINEVISIBLEALWAYS, 1);
  send(SCI_SETCARETWIDTH, 2);
  send(SCI_SETMARGINS, 2);
  send(SCI_SETMARGINTYPEN, kNumberMargin, SC_MARGIN_NUMBER);
  send(SCI_SETMARGINWIDTHN, kNumberMargin, kNumberWidth);
  send(SCI_SETMARGINTYPEN, kGapMargin, SC_MARGIN_BACK);
  send(SCI_SETMARGINWIDTHN, kGapMargin, kGap);
  // These belong to the project's undo and to leaving the studio.
  for (const int key : {'Z' | SCMOD_CTRL << 16, 'Y' | SCMOD_CTRL << 16,
                        'Z' | (SCMOD_CTRL | SCMOD_SHIFT) << 16, static_cast<int>(SCK_ESCAPE)})
    send(SCI_CLEARCMDKEY, key);
}

void TemplateEditor::applyColors() {
  const theme::Tokens& t = m_theme.tokens();
  const QFont font = theme::font(theme::TextRole::Mono);
  const QByteArray family = font.family().toUtf8();
  const double points = font.pixelSize() * 72.0 / logicalDpiY();
  SendScintilla(SCI_STYLESETFONT, STYLE_DEFAULT, family.constData());
  send(SCI_STYLESETSIZEFRACTIONAL, STYLE_DEFAULT, qRound(points * int(SC_FONT_SIZE_MULTIPLIER)));
  send(SCI_STYLESETFORE, STYLE_DEFAULT, rgb(t.text));
  send(SCI_STYLESETBACK, STYLE_DEFAULT, rgb(t.surface));
  send(SCI_STYLECLEARALL);
  const std::pair<Ink, QColor> inks[] = {{Ink::Html, t.accent},
                                         {Ink::Attribute, t.text2},
                                         {Ink::String, t.syntax.string},
                                         {Ink::Tag, t.syntax.tag},
                                         {Ink::Variable, t.syntax.variable},
                                         {Ink::Filter, t.syntax.filter},
                                         {Ink::Comment, t.syntax.comment}};
  for (const auto& [ink, color] : inks) send(SCI_STYLESETFORE, static_cast<long>(ink), rgb(color));
  send(SCI_STYLESETITALIC, static_cast<long>(Ink::Comment), 1);
  send(SCI_STYLESETFORE, STYLE_LINENUMBER, rgb(t.text3));
  send(SCI_STYLESETBACK, STYLE_LINENUMBER, rgb(t.surface));
  send(SCI_SETMARGINBACKN, kGapMargin, rgb(t.surface));
  send(SCI_SETCARETLINEBACK, rgb(t.accentSoft));
  send(SCI_SETCARETFORE, rgb(t.accent));
  send(SCI_SETADDITIONALCARETFORE, rgb(t.accent));
  send(SCI_SETSELBACK, 1, rgb(theme::mix(t.surface, t.accent, 0.28)));
  send(SCI_SETSELFORE, 0, 0);
  for (const auto& [mark, color] :
       {std::pair{kErrorMark, t.error.foreground}, std::pair{kWarningMark, t.warning.foreground}}) {
    send(SCI_INDICSETSTYLE, mark, static_cast<long>(INDIC_SQUIGGLE));
    send(SCI_INDICSETFORE, mark, rgb(color));
  }
  send(SCI_SETEXTRAASCENT, 0);
  send(SCI_SETEXTRADESCENT, 0);
  const auto spare =
      static_cast<int>(theme::lineHeight(theme::TextRole::Mono) - send(SCI_TEXTHEIGHT, 0));
  send(SCI_SETEXTRAASCENT, static_cast<long>(std::max(spare - spare / 2, 0)));
  send(SCI_SETEXTRADESCENT, static_cast<long>(std::max(spare / 2, 0)));
}

std::string TemplateEditor::text() const {
  const long length = send(SCI_GETLENGTH);
  std::string bytes(static_cast<std::size_t>(length), '\0');
  SendScintilla(SCI_GETTEXT, static_cast<unsigned long>(length + 1), bytes.data());
  return bytes;
}

void TemplateEditor::refreshInks() {
  const std::string inks = inksOf(text());
  send(SCI_STARTSTYLING, 0);
  SendScintilla(SCI_SETSTYLINGEX, static_cast<unsigned long>(inks.size()), inks.data());
}

// With Scintilla's undo off it does not tell what was deleted; the document still has it.
void TemplateEditor::take(int at, int type, const char* bytes, int length) {
  if (m_isFollowing) return;
  bridge::TextChange change{m_file, static_cast<std::size_t>(at), {}, {}};
  const auto count = static_cast<std::size_t>(length);
  if (type & SC_MOD_INSERTTEXT)
    change.inserted.assign(bytes, count);
  else if (type & SC_MOD_DELETETEXT)
    change.removed = m_document.text(m_file).substr(change.at, count);
  else
    return;
  const bool merges = m_isSameTurn || (m_mayContinue && isPlainTyping(change));
  const QScopedValueRollback guard(m_isFollowing, true);
  m_document.applyText(change, merges ? bridge::DocumentModel::Merge::WithPrevious
                                      : bridge::DocumentModel::Merge::Never);
  m_mayContinue = isPlainTyping(change);
  if (m_isSameTurn) return;
  m_isSameTurn = true;
  QTimer::singleShot(0, this, [this] { m_isSameTurn = false; });
}

void TemplateEditor::follow(const bridge::TextChange& change) {
  if (m_isFollowing || change.file != m_file) return;
  const QScopedValueRollback guard(m_isFollowing, true);
  m_mayContinue = false;
  send(SCI_SETTARGETRANGE, static_cast<long>(change.at),
       static_cast<long>(change.at + change.removed.size()));
  SendScintilla(SCI_REPLACETARGET, static_cast<unsigned long>(change.inserted.size()),
                change.inserted.data());
  send(SCI_SETEMPTYSELECTION, static_cast<long>(change.at + change.inserted.size()));
  send(SCI_SCROLLCARET);
}

int TemplateEditor::line() const {
  const long caret = send(SCI_GETCURRENTPOS);
  return static_cast<int>(send(SCI_LINEFROMPOSITION, static_cast<long>(caret))) + 1;
}

int TemplateEditor::column() const {
  const long caret = send(SCI_GETCURRENTPOS);
  const long start = send(SCI_POSITIONFROMLINE, static_cast<long>(line() - 1));
  return static_cast<int>(send(SCI_COUNTCHARACTERS, static_cast<long>(start), caret)) + 1;
}

long TemplateEditor::positionOf(int line, int column) const {
  const auto index = static_cast<long>(std::max(line - 1, 0));
  const long start = send(SCI_POSITIONFROMLINE, index);
  const long end = send(SCI_GETLINEENDPOSITION, index);
  if (start < 0) return send(SCI_GETLENGTH);
  const long found = send(SCI_POSITIONRELATIVE, static_cast<long>(start),
                          static_cast<long>(std::max(column - 1, 0)));
  return found == 0 && column > 1 ? end : std::min(found, end);
}

void TemplateEditor::goTo(int line, int column) {
  send(SCI_GOTOPOS, static_cast<long>(positionOf(line, column)));
  setFocus(Qt::OtherFocusReason);
}

void TemplateEditor::mark(std::span<const liquid::Diagnostic> findings) {
  for (const int kind : {kErrorMark, kWarningMark}) {
    send(SCI_SETINDICATORCURRENT, kind);
    send(SCI_INDICATORCLEARRANGE, 0, send(SCI_GETLENGTH));
  }
  for (const liquid::Diagnostic& found : findings) {
    if (found.file != m_file) continue;
    const auto line = static_cast<int>(found.place.line);
    const long from = positionOf(line, static_cast<int>(found.place.column));
    const long to = positionOf(line, static_cast<int>(found.place.endColumn));
    send(SCI_SETINDICATORCURRENT,
         found.severity == liquid::Severity::Error ? kErrorMark : kWarningMark);
    send(SCI_INDICATORFILLRANGE, static_cast<long>(from), std::max(to - from, 1L));
  }
}

void TemplateEditor::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  const auto add = [&](const QString& title, unsigned int message, bool isEnabled) {
    menu.addAction(title, this, [this, message] { send(message); })->setEnabled(isEnabled);
  };
  const bool hasSelection = send(SCI_GETSELECTIONEMPTY) == 0;
  add(tr("Cut"), SCI_CUT, hasSelection);
  add(tr("Copy"), SCI_COPY, hasSelection);
  add(tr("Paste"), SCI_PASTE, send(SCI_CANPASTE) != 0);
  menu.addSeparator();
  add(tr("Select all"), SCI_SELECTALL, true);
  menu.exec(event->globalPos());
}

}  // namespace freshet::studio
