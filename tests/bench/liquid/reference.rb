# SPDX-License-Identifier: GPL-3.0-or-later
# reference.rb TEMPLATE DATA COUNT [OUT]: as liquid_bench, by ruby-liquid.
ENV['TZ'] = 'UTC'
require 'json'
require 'liquid'
data = JSON.parse(File.read(ARGV[1]))
template = Liquid::Template.parse(File.read(ARGV[0]), error_mode: :strict)
count = ARGV[2].to_i
out = nil
(count / 2 + 1).times { out = template.render(data) }
start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
count.times { out = template.render(data) }
puts (Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - start) / count
File.binwrite(ARGV[3], out) if ARGV[3]
