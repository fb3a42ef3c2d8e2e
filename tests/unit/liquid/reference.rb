# SPDX-License-Identifier: GPL-3.0-or-later
# The reference's side of the differential test: one case a line, one JSON string a line.
ENV['TZ'] = 'UTC'
require 'json'
require 'liquid'

class Partials
  def initialize(templates) = @templates = templates || {}
  def read_template_file(name) = @templates.fetch(name) { raise Liquid::FileSystemError, "No such template '#{name}'" }
end

$stdin.each_line do |line|
  test = JSON.parse(line)
  begin
    template = Liquid::Template.parse(test['template'], error_mode: :strict)
    out = template.render(test['data'], registers: { file_system: Partials.new(test['templates']) })
    puts JSON.generate(out)
  rescue Liquid::SyntaxError
    puts 'null'
  rescue StandardError => e
    puts JSON.generate("RUBY #{e.class}")
  end
end
