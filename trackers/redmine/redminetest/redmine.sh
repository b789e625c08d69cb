#!/bin/sh
# Runs a private Redmine with a fresh database, for tests and for trying things out:
#
#     sh redmine.sh [FOLDER]
#
# It prints "serving PORT" and serves on 127.0.0.1 until its standard input ends, then
# removes FOLDER. What is missing is installed from Debian's packages, which needs root;
# what cannot be had it says, and fails. A seeded database is kept in the user's cache
# and copied for each run.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$(mktemp -d)}
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/percolate
packages='redmine redmine-sqlite thin'

fail() {
	echo "redmine: $*" >&2
	exit 1
}

there() {
	for p in $packages; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || return 1
	done
}

install_packages() {
	command -v apt-get >/dev/null || fail "this is no Debian; it needs the packages $packages"
	[ "$(id -u)" = 0 ] || fail "these packages are missing, and only root can install them: apt-get install --no-install-recommends $packages"
	export DEBIAN_FRONTEND=noninteractive
	# The packaged bundler is not found by the script that sets redmine up.
	export RUBYLIB=/usr/share/rubygems-integration/all/gems/bundler-2.3.15/lib
	apt='apt-get -q -y -o DPkg::Lock::Timeout=300'
	# No instance of the system's own: the one served here brings its database.
	echo 'redmine redmine/instances/default/dbconfig-install boolean false' | debconf-set-selections
	install="$apt install --no-install-recommends $packages"
	# The lists may be missing, or name packages that are there no more.
	$install >&2 || { $apt update >&2 && $install >&2; } || fail "apt-get cannot install $packages"
	there || fail "apt-get installed $packages, and they are not there"
}

# Only one process installs and seeds at a time; the others wait and find it done.
mkdir -p "$cache" "$folder"
exec 9>"$cache/redmine.lock"
flock 9
there || install_packages
version=$(dpkg-query -W -f '${Version}' redmine)
sum=$(cat "$here/seed.rb" "$here/serve.rb" | sha256sum | cut -c1-16)
template="$cache/redmine-$version-$sum.db"
if [ ! -s "$template" ]; then
	rm -f "$cache"/redmine-*.db
	ruby "$here/serve.rb" "$folder" seed >&2 || fail 'the database could not be seeded'
	cp "$folder/redmine.db" "$template.new"
	mv "$template.new" "$template"
fi
cp "$template" "$folder/redmine.db"
exec 9>&-
exec ruby "$here/serve.rb" "$folder"
