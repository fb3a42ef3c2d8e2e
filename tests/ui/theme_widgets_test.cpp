// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QTableWidget>
#include <QTest>

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/hint_bar.h"
#include "ui/widgets/key_cap.h"
#include "ui/widgets/label.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/share_bar.h"
#include "ui/widgets/state_mark.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/tile.h"

using namespace freshet;
using widgets::Button;

namespace {

// How far along the top edge the corner stays bare: the radius as a person sees it.
int cornerOf(const QImage& image, const QColor& outside) {
  int x = 0;
  while (x < image.width() / 2 && image.pixelColor(x, 0) == outside) ++x;
  return x;
}

QImage pictureOf(QWidget& widget, const QColor& ground) {
  QImage image(widget.size(), QImage::Format_RGB32);
  image.fill(ground);
  widget.render(&image, {}, {}, QWidget::DrawChildren);
  return image;
}

}  // namespace

class ThemeWidgetsTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { m_theme = std::make_unique<theme::Theme>(theme::Theme::Mode::Light); }
  void cleanupTestCase() { m_theme.reset(); }

  void controlsHaveTheirHeights() {
    Button regular(*m_theme, Button::Kind::Primary, QStringLiteral("Run"));
    QCOMPARE(regular.sizeHint().height(), 32);
    regular.setSize(Button::Size::Compact);
    QCOMPARE(regular.sizeHint().height(), 28);
    const std::unique_ptr<Button> square(Button::iconOnly(
        *m_theme, Button::Kind::Secondary, QStringLiteral("copy"), QStringLiteral("Copy")));
    QCOMPARE(square->sizeHint(), QSize(32, 32));
    widgets::SearchField search(*m_theme, QStringLiteral("Find"));
    QCOMPARE(search.height(), 32);
    QCOMPARE(widgets::TabStrip(*m_theme, widgets::TabStrip::Height::Regular).sizeHint().height(),
             36);
    QCOMPARE(widgets::TabStrip(*m_theme, widgets::TabStrip::Height::Tall).sizeHint().height(), 40);
    QCOMPARE(widgets::ShareBar(*m_theme).height(), 4);
    QCOMPARE(widgets::Segmented(*m_theme).sizeHint().height(), 32);
  }

  void plainFieldsHaveTheSameHeight() {
    QWidget form;
    auto* row = new QHBoxLayout(&form);
    auto* line = new QLineEdit;
    auto* combo = new QComboBox;
    auto* spin = new QSpinBox;
    for (QWidget* field : std::initializer_list<QWidget*>{line, combo, spin}) row->addWidget(field);
    form.show();
    for (QWidget* field : std::initializer_list<QWidget*>{line, combo, spin})
      QVERIFY2(field->height() == 32,
               qPrintable(QStringLiteral("%1 is %2 high")
                              .arg(QLatin1String(field->metaObject()->className()))
                              .arg(field->height())));
    line->setFocus();
    QApplication::processEvents();
    QCOMPARE(line->height(), 32);
  }

  void tablesHaveTheirRows() {
    QTableWidget table(3, 2);
    table.show();
    QCOMPARE(table.rowHeight(0), 28);
    QCOMPARE(QFontInfo(table.horizontalHeader()->font()).pixelSize(), 12);
    QCOMPARE(table.horizontalHeader()->defaultAlignment(), Qt::AlignLeft | Qt::AlignVCenter);
    QVERIFY(!table.showGrid());
  }

  void buttonsOfDialogsLookLikeOurs() {
    QDialogButtonBox box(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto* ok = box.button(QDialogButtonBox::Ok);
    auto* cancel = box.button(QDialogButtonBox::Cancel);
    box.show();
    ok->setDefault(true);
    QCOMPARE(ok->height(), 32);
    QCOMPARE(cancel->height(), 32);
    QCOMPARE(QFontInfo(ok->font()).weight(), 500);
    QCOMPARE(ok->grab().toImage().pixelColor(10, 16), m_theme->tokens().accent);
    QCOMPARE(cancel->grab().toImage().pixelColor(10, 16), m_theme->tokens().surface);
  }

  void cornersHaveTheirRadii() {
    const QColor ground(Qt::magenta);
    Button primary(*m_theme, Button::Kind::Primary, QStringLiteral("Run"));
    primary.resize(primary.sizeHint());
    widgets::Card card(*m_theme);
    card.resize(100, 60);
    widgets::Tile tile(*m_theme, QStringLiteral("funnel"), theme::Family::Route,
                       theme::metrics::kTile);
    widgets::Tile small(*m_theme, QStringLiteral("funnel"), theme::Family::Route,
                        theme::metrics::kTileRow);
    widgets::Chip chip(*m_theme, widgets::Chip::Tone::Ok, QStringLiteral("Local outbox"));
    chip.resize(chip.sizeHint());
    const auto seen = [&](QWidget& widget) { return cornerOf(pictureOf(widget, ground), ground); };
    // An arc of radius r covers its top row of pixels from roughly r - sqrt(2r) on.
    const auto bare = [](int radius) { return qRound(radius - std::sqrt(2.0 * radius)); };
    const auto isNear = [](int a, int b) { return qAbs(a - b) <= 1; };
    QVERIFY(isNear(seen(primary), bare(8)));
    QVERIFY(isNear(seen(card), bare(10)));
    QVERIFY(isNear(seen(tile), bare(8)));
    QVERIFY(isNear(seen(small), bare(6)));
    QVERIFY(isNear(seen(chip), bare(12)));
  }

  void textHasItsSize() {
    Button button(*m_theme, Button::Kind::Primary, QStringLiteral("Run"));
    QCOMPARE(QFontInfo(button.font()).pixelSize(), 13);
    QCOMPARE(QFontInfo(button.font()).weight(), 500);
    QCOMPARE(QFontInfo(QApplication::font()).pixelSize(), 13);
    QCOMPARE(QFontInfo(QApplication::font()).family(), QStringLiteral("Inter"));
    widgets::TabStrip tabs(*m_theme, widgets::TabStrip::Height::Tall);
    QCOMPARE(QFontInfo(tabs.font()).pixelSize(), 13);
    QCOMPARE(QFontInfo(tabs.font()).weight(), 500);
  }

  void tabsShowCurrentAndBadge() {
    widgets::TabStrip tabs(*m_theme, widgets::TabStrip::Height::Tall);
    tabs.addTab(QStringLiteral("Live"));
    tabs.addTab(QStringLiteral("Problems"));
    const int before = tabs.tabSizeHint(1).width();
    tabs.setBadge(1, QStringLiteral("2"));
    QVERIFY(tabs.tabSizeHint(1).width() >= before + 18);
    QCOMPARE(tabs.accessibleTabName(1), QStringLiteral("Problems 2"));
    tabs.resize(tabs.sizeHint());
    tabs.show();
    const QImage image = tabs.grab().toImage();
    const int x = tabs.tabRect(0).center().x();
    QCOMPARE(image.pixelColor(x, 38), m_theme->tokens().accent);
    QCOMPARE(image.pixelColor(x, 39), m_theme->tokens().accent);
    QVERIFY(image.pixelColor(x, 37) != m_theme->tokens().accent);
    QTest::keyClick(&tabs, Qt::Key_Right);
    QCOMPARE(tabs.currentIndex(), 1);
    tabs.setBadge(1, {});
    QCOMPARE(tabs.tabSizeHint(1).width(), before);
  }

  void keyboardFocusWearsTheRing() {
    widgets::FocusRing ring(*m_theme);
    QWidget window;
    auto* row = new QHBoxLayout(&window);
    auto* first = new Button(*m_theme, Button::Kind::Secondary, QStringLiteral("Step"));
    auto* second = new Button(*m_theme, Button::Kind::Secondary, QStringLiteral("Deploy…"));
    row->addWidget(first);
    row->addWidget(second);
    window.show();
    QApplication::setActiveWindow(&window);
    first->setFocus(Qt::MouseFocusReason);
    QCOMPARE(ring.target(), nullptr);
    QTest::keyClick(&window, Qt::Key_Tab);
    QCOMPARE(ring.target(), second);
    const auto* frame = window.findChild<QWidget*>(QStringLiteral("focusRing"));
    QVERIFY(frame);
    QCOMPARE(frame->geometry(), second->geometry().adjusted(-4, -4, 4, 4));
    const QImage image = window.grab().toImage();
    const QPoint middle(second->geometry().center().x(), second->y());
    QCOMPARE(image.pixelColor(middle - QPoint(0, 4)), m_theme->tokens().accent);
    QCOMPARE(image.pixelColor(middle - QPoint(0, 3)), m_theme->tokens().accent);
    QCOMPARE(image.pixelColor(middle - QPoint(0, 2)), m_theme->tokens().window);
    QCOMPARE(image.pixelColor(middle - QPoint(0, 1)), m_theme->tokens().window);
    window.resize(window.width() + 100, window.height() + 40);
    QApplication::processEvents();
    QCOMPARE(frame->geometry(), second->geometry().adjusted(-4, -4, 4, 4));
    QTest::mouseClick(first, Qt::LeftButton);
    QCOMPARE(ring.target(), nullptr);
  }

  void ringLeavesSplittersAlone() {
    widgets::FocusRing ring(*m_theme);
    QSplitter splitter;
    splitter.addWidget(new Button(*m_theme, Button::Kind::Secondary, QStringLiteral("One")));
    splitter.addWidget(new Button(*m_theme, Button::Kind::Secondary, QStringLiteral("Two")));
    splitter.show();
    QApplication::setActiveWindow(&splitter);
    splitter.widget(1)->setFocus(Qt::TabFocusReason);
    QCOMPARE(ring.target(), splitter.widget(1));
    QCOMPARE(splitter.count(), 2);
  }

  void iconButtonsHaveNames() {
    const std::unique_ptr<Button> copy(Button::iconOnly(
        *m_theme, Button::Kind::Ghost, QStringLiteral("copy"), QStringLiteral("Copy records")));
    QCOMPARE(copy->accessibleName(), QStringLiteral("Copy records"));
    QCOMPARE(copy->toolTip(), QStringLiteral("Copy records"));
    const QAccessibleInterface* face = QAccessible::queryAccessibleInterface(copy.get());
    QVERIFY(face);
    QCOMPARE(face->role(), QAccessible::Button);
    QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Copy records"));
  }

  void buttonWorksByKeyAndPointer() {
    Button button(*m_theme, Button::Kind::Primary, QStringLiteral("Run"));
    button.show();
    QSignalSpy clicked(&button, &QPushButton::clicked);
    QTest::mouseClick(&button, Qt::LeftButton);
    QTest::keyClick(&button, Qt::Key_Space);
    QCOMPARE(clicked.count(), 2);
  }

  void escapeClearsTheSearchThenLeaves() {
    widgets::SearchField search(*m_theme, QStringLiteral("Search steps"));
    QSignalSpy left(&search, &widgets::SearchField::left);
    search.setText(QStringLiteral("mail"));
    QTest::keyClick(&search, Qt::Key_Escape);
    QVERIFY(search.text().isEmpty());
    QCOMPARE(left.count(), 0);
    QTest::keyClick(&search, Qt::Key_Escape);
    QCOMPARE(left.count(), 1);
  }

  void emptyStateTeachesOneAction() {
    widgets::EmptyState empty(*m_theme, QStringLiteral("Nothing to fix."));
    QVERIFY(!empty.button());
    widgets::EmptyState live(*m_theme, QStringLiteral("Numbers appear here when it runs."),
                             QStringLiteral("Run"));
    QSignalSpy activated(&live, &widgets::EmptyState::activated);
    live.button()->click();
    QCOMPARE(activated.count(), 1);
  }

  void hintSaysItsWordsAndCloses() {
    QWidget parent;
    auto* hint = new widgets::HintBar(*m_theme, widgets::HintBar::Kind::Hint, &parent);
    hint->addText(QStringLiteral("Press"));
    hint->addKey(QStringLiteral("Right"), QStringLiteral("arrow-right"));
    hint->addText(QStringLiteral("for the next person."));
    QCOMPARE(hint->accessibleName(), QStringLiteral("Press Right for the next person."));
    QSignalSpy closed(hint, &widgets::HintBar::closed);
    QTest::keyClick(hint, Qt::Key_Escape);
    QCOMPARE(closed.count(), 1);
  }

  void hintKeepsItsCorner() {
    QWidget parent;
    parent.resize(800, 400);
    auto* hint = new widgets::HintBar(*m_theme, widgets::HintBar::Kind::Hint, &parent);
    hint->addText(QStringLiteral("This is Zoë’s email."));
    parent.show();
    hint->showAt(Qt::AlignRight | Qt::AlignBottom);
    QTRY_COMPARE(hint->geometry().bottomRight(), parent.rect().bottomRight());
    QCOMPARE(hint->height(), 40 + 2 * 12);
    parent.resize(900, 500);
    QTRY_COMPARE(hint->geometry().bottomRight(), parent.rect().bottomRight());
  }

  void toastOffersItsActionThenGoes() {
    QWidget parent;
    auto* toast = new widgets::HintBar(*m_theme, widgets::HintBar::Kind::Toast, &parent);
    toast->addText(QStringLiteral("Wire removed."));
    toast->addAction(QStringLiteral("Undo"));
    QSignalSpy action(toast, &widgets::HintBar::actionTriggered);
    QSignalSpy closed(toast, &widgets::HintBar::closed);
    toast->findChild<Button*>(QStringLiteral("hintAction"))->click();
    QCOMPARE(action.count(), 1);
    QCOMPARE(closed.count(), 1);
    auto* passing = new widgets::HintBar(*m_theme, widgets::HintBar::Kind::Toast, &parent);
    QSignalSpy gone(passing, &widgets::HintBar::closed);
    passing->closeAfter(1);
    QTRY_COMPARE(gone.count(), 1);
  }

  void labelEndsInAnEllipsisAndKeepsItsText() {
    const QString text = QStringLiteral("Maximiliane von Hohenlohe-Langenburg");
    widgets::Label label(text, theme::TextRole::Body, widgets::Ink::Meta);
    label.resize(80, 20);
    const QImage image = label.grab().toImage();
    QCOMPARE(label.toolTip(), text);
    QCOMPARE(label.palette().color(QPalette::WindowText), m_theme->tokens().text3);
    label.setInk(widgets::Ink::Error);
    QCOMPARE(label.palette().color(QPalette::WindowText), m_theme->tokens().error.foreground);
    label.resize(600, 20);
    QVERIFY(label.grab().toImage() != image);
    QVERIFY(label.toolTip().isEmpty());
  }

  void startingMarkTurnsOnlyWithMotion() {
    widgets::StateMark mark(*m_theme);
    QCOMPARE(mark.size(), QSize(8, 8));
    mark.setState(theme::State::Starting);
    m_theme->setMotionOn(false);
    mark.show();
    const QImage still = mark.grab().toImage();
    QTest::qWait(120);
    QCOMPARE(mark.grab().toImage(), still);
    m_theme->setMotionOn(true);
    QTRY_VERIFY(mark.grab().toImage() != still);
  }

  void groundsFollowTheScheme() {
    QWidget box;
    box.resize(20, 20);
    widgets::setGround(&box, widgets::Ground::Surface);
    QCOMPARE(box.grab().toImage().pixelColor(10, 10), theme::lightTokens().surface);
    m_theme->setMode(theme::Theme::Mode::Dark);
    QCOMPARE(box.grab().toImage().pixelColor(10, 10), theme::darkTokens().surface);
    m_theme->setMode(theme::Theme::Mode::Light);
  }

  void initials_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("initial");
    QTest::addRow("latin") << QStringLiteral("zoë de Vries") << QStringLiteral("Z");
    QTest::addRow("arabic") << QStringLiteral("ليلى") << QStringLiteral("ل");
    QTest::addRow("number") << QStringLiteral("00000006") << QStringLiteral("–");
    QTest::addRow("nobody") << QString() << QStringLiteral("–");
  }
  void initials() {
    QFETCH(QString, name);
    QFETCH(QString, initial);
    QCOMPARE(widgets::initialOf(name), initial);
  }

 private:
  std::unique_ptr<theme::Theme> m_theme;
};

QTEST_MAIN(ThemeWidgetsTest)
#include "theme_widgets_test.moc"
