// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTest>

#include "ui/studio/email.h"
#include "ui/studio/html_painter.h"
#include "ui/studio/step_renderer.h"
#include "ui/theme/fonts.h"

using namespace freshet;

// The e-mail of every persona of the example, as the dock shows it.
class StudioEmailTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    theme::loadFonts();
    auto project = pipeline::loadProject(FRESHET_SOURCE_DIR "/resources/examples/abandoned-basket");
    QVERIFY(project.ok());
    m_project = std::move(*project);
    studio::StepRenderer renderer(m_project, *m_project.pipeline.find("basket-reminder"));
    QVERIFY(renderer.findings().empty());
    for (const studio::Email& person : studio::personasOf(m_project, 0))
      m_emails.push_back(renderer.render(person));
  }

  void everyPersonaGetsAnEmail() {
    QCOMPARE(m_emails.size(), std::size_t{8});
    for (const studio::Email& email : m_emails) {
      QVERIFY2(email.problem.isEmpty(), qPrintable(email.problem));
      QVERIFY(!email.subject.isEmpty());
      QVERIFY(!email.name.isEmpty());
    }
  }

  void zoeSeesHerBasket() {
    const studio::Email& zoe = named(QStringLiteral("Zoë de Vries"));
    QCOMPARE(zoe.subject, QStringLiteral("Zoë, your linen duvet is still in your basket"));
    QCOMPARE(zoe.preheader, QStringLiteral("We are holding your 4 items"));
    QCOMPARE(zoe.interest, QStringLiteral("62"));
    QVERIFY(zoe.html.find("184.85") != std::string::npos);
    QVERIFY(zoe.html.find("Free delivery until Thursday") != std::string::npos);
  }

  void amaraSeesNoOffer() {
    const studio::Email& amara = named(QStringLiteral("Amara Okafor"));
    QVERIFY(amara.html.find("Free delivery") == std::string::npos);
  }

  void aPhoneShowsIt() {
    for (const studio::Email& email : m_emails) {
      const auto picture =
          studio::paintHtml(email.html, 375, 1, QString::fromStdString(m_project.folder));
      QVERIFY2(picture.problem.isEmpty(), qPrintable(picture.problem));
      QCOMPARE(picture.image.width(), 375);
      QVERIFY(picture.image.height() > 300);
      const QString folder = qEnvironmentVariable("FRESHET_PICTURES");
      if (!folder.isEmpty()) {
        picture.image.save(
            folder + QStringLiteral("/email-%1.png").arg(QString::fromStdString(email.person)));
      }
    }
  }

  void deepTablesAreRefusedAtOnce() {
    std::string html;
    for (int i = 0; i < 15; ++i) html += "<table><tr><td>";
    QVERIFY(!studio::paintHtml(html, 375, 1, QString()).problem.isEmpty());
  }

  void picturesComeFromTheProjectOnly() {
    const auto picture = studio::paintHtml("<img src=\"../../../../etc/passwd\"><p>text</p>", 375,
                                           1, QString::fromStdString(m_project.folder));
    QVERIFY(picture.problem.isEmpty());
  }

 private:
  const studio::Email& named(const QString& name) {
    for (const studio::Email& email : m_emails) {
      if (email.name == name) return email;
    }
    qFatal("no such persona");
  }

  pipeline::Project m_project;
  std::vector<studio::Email> m_emails;
};

QTEST_MAIN(StudioEmailTest)
#include "studio_email_test.moc"
