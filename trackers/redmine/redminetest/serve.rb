# Serves a private Redmine on a free loopback port until its standard input ends, and
# then removes its folder: the system closes the input when whoever started it dies.
#
#     ruby serve.rb FOLDER [seed]
#
# With "seed" it fills the database in FOLDER and serves nothing.

Dir.glob('/usr/share/rubygems-integration/all/gems/bundler-*/lib') { |lib| $LOAD_PATH.unshift(lib) } # the packaged one is not found otherwise
require 'fileutils'

FOLDER = File.realpath(ARGV.fetch(0))
ENV['RAILS_ENV'] = 'production'
ENV['REDMINE_INSTANCE'] = '../' * 8 + FOLDER # Debian looks for instances below a folder of its own
ENV.delete('X_DEBIAN_SITEID')

# Writes what Redmine expects in the folder of an instance.
def prepare
  %w(config files log tmp public/plugin_assets).each { |name| FileUtils.mkdir_p(File.join(FOLDER, name)) }
  File.write(File.join(FOLDER, 'config/secret_key.txt'), '5' * 128)
  File.write(File.join(FOLDER, 'config/database.yml'), <<~YAML)
    production:
      adapter: sqlite3
      database: #{FOLDER}/redmine.db
      timeout: 20000
  YAML
end

# Starts Rails without loading every class at once, which halves the time.
def boot
  require '/usr/share/redmine/config/application'
  Rails.application.config.before_initialize do
    Rails.application.config.eager_load = false
    Rails.application.config.log_level = :warn
  end
  Rails.application.initialize!
end

def seed
  Process.wait(fork do
    boot
    ActiveRecord::Migration.verbose = false
    ActiveRecord::MigrationContext.new(Rails.root.join('db/migrate').to_s, ActiveRecord::SchemaMigration).migrate
  end)
  abort 'the database could not be made' unless $?.success?
  boot # anew, since a Rails that saw no tables takes them for empty
  require File.expand_path('seed.rb', __dir__)
end

# Serves one request at a time, as SQLite would anyway.
def serve
  boot
  require 'thin'
  Thin::Logging.silent = true
  server = Thin::Server.new('127.0.0.1', 0, Rails.application, signals: false)
  EventMachine.run do
    server.start
    port, = Socket.unpack_sockaddr_in(EventMachine.get_sockname(server.backend.instance_variable_get(:@signature)))
    $stdout.puts "serving #{port}"
    $stdout.flush
  end
end

def farewell
  FileUtils.rm_rf(FOLDER)
  exit!(0)
end

prepare
if ARGV[1] == 'seed'
  seed
else
  %w(TERM INT HUP).each { |name| trap(name) { farewell } }
  Thread.new do
    $stdin.read
    farewell
  end
  serve
end
