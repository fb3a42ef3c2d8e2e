// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/change_table.h"

#include <QHash>

#include "ui/bridge/record_words.h"
#include "ui/theme/fonts.h"

namespace freshet::data {
namespace {

using record::Value;

struct Leaf {
  QString path;
  Value value;
};

void gather(const Value& value, const QString& path, std::vector<Leaf>& leaves) {
  if (leaves.size() >= ChangeTable::kMost) return;
  const auto below = [&](const QString& name) {
    return path.isEmpty() ? name : path + u'.' + name;
  };
  if (value.isObject() && value.size() > 0)
    for (const record::Member& member : value.asObject())
      gather(member.value,
             below(QString::fromUtf8(member.key.data(), static_cast<qsizetype>(member.key.size()))),
             leaves);
  else if (value.isArray() && value.size() > 0)
    for (std::size_t i = 0; i < value.size(); ++i)
      gather(value.asArray()[i], below(QString::number(i)), leaves);
  else
    leaves.push_back({path, value});
}

std::vector<Leaf> leavesOf(const Value& value) {
  std::vector<Leaf> leaves;
  gather(value, {}, leaves);
  return leaves;
}

QString signOf(ChangeTable::Kind kind) {
  switch (kind) {
    case ChangeTable::Kind::Added:
      return QStringLiteral("+");
    case ChangeTable::Kind::Changed:
      return QStringLiteral("~");
    case ChangeTable::Kind::Removed:
      return QStringLiteral("−");
    case ChangeTable::Kind::Same:
      break;
  }
  return {};
}

}  // namespace

ChangeTable::ChangeTable(theme::Theme& theme, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme) {}

void ChangeTable::setRecords(const record::OwnedValue& before, const record::OwnedValue& after) {
  beginResetModel();
  m_rows.clear();
  m_counts = {};
  const std::vector<Leaf> old = leavesOf(*before);
  QHash<QString, std::size_t> known;
  for (std::size_t i = 0; i < old.size(); ++i) known.insert(old[i].path, i);
  std::vector<bool> isKept(old.size());
  const QString none = QStringLiteral("–");
  for (const Leaf& leaf : leavesOf(*after)) {
    Row row{Kind::Added, leaf.path, none, bridge::shortValue(leaf.value)};
    if (const auto found = known.constFind(leaf.path); found != known.cend()) {
      isKept[*found] = true;
      row.before = bridge::shortValue(old[*found].value);
      row.kind = old[*found].value == leaf.value ? Kind::Same : Kind::Changed;
    }
    m_rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < old.size(); ++i)
    if (!isKept[i])
      m_rows.push_back({Kind::Removed, old[i].path, bridge::shortValue(old[i].value), none});
  for (const Row& row : m_rows) ++m_counts[static_cast<std::size_t>(row.kind)];
  endResetModel();
}

QString ChangeTable::summary() const {
  QStringList parts;
  for (const Kind kind : {Kind::Added, Kind::Changed, Kind::Removed})
    if (const int count = m_counts[static_cast<std::size_t>(kind)]; count > 0)
      parts << signOf(kind) + QString::number(count);
  return parts.join(u' ');
}

int ChangeTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

const theme::Tint* ChangeTable::tintOf(Kind kind) const {
  const theme::Tokens& t = m_theme.tokens();
  switch (kind) {
    case Kind::Added:
      return &t.ok;
    case Kind::Changed:
      return &t.warning;
    case Kind::Removed:
      return &t.error;
    case Kind::Same:
      break;
  }
  return nullptr;
}

QVariant ChangeTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  const theme::Tint* tint = tintOf(row.kind);
  const QString texts[] = {signOf(row.kind), row.field, row.before, row.after};
  switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
      return texts[index.column()];
    case Qt::FontRole:
      return theme::font(theme::TextRole::MonoSmall);
    case Qt::BackgroundRole:
      return tint ? QVariant(tint->soft) : QVariant();
    case Qt::ForegroundRole:
      if (tint && index.column() != 1) return tint->foreground;
      return index.column() == 1 ? m_theme->text : m_theme->text2;
    default:
      return {};
  }
}

QVariant ChangeTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const QString titles[] = {{}, tr("field"), tr("as it arrived"), tr("after this step")};
  return titles[section];
}

}  // namespace freshet::data
