#!/bin/sh
# Nx 24.0.6 keeps the results of cached tasks in the user's home (~/.nx), one folder for all checkouts of a repository: a
# new clone in another folder, without a .nx of its own, takes what an earlier one computed, and deleting .nx/cache clears
# nothing. A HOME below /tmp is not used so. To see a task computed in a new clone, give it --skip-nx-cache, a
# cacheDirectory of its own or another HOME.
# Nothing of this repository is used.
#
#   sh findings/nx-shared-cache.sh
#
# Makes a workspace with one cached target in a folder for temporary files, runs it there, then in clones of it, with a HOME
# of its own. Ends with 1 where that is not what was seen with Node 20.20 on Linux x64:
#
#   first checkout                      computed
#   first checkout, .nx/cache deleted   from the cache
#   a clone in another folder           from the cache
#   a clone, NX_CACHE_DIRECTORY set     computed
#   a clone, another HOME               computed
set -eu
VERSION=24.0.6
FOLDER=$(mktemp -d /var/tmp/nx-shared-cache.XXXXXX) # Under /tmp Nx does not take a HOME for one.
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"
mkdir first home other
export HOME="$FOLDER/home" NX_DAEMON=false
unset CI NX_CACHE_DIRECTORY NX_WORKSPACE_DATA_DIRECTORY || true
cd first
cat > package.json <<'JSON'
{
  "name": "one",
  "private": true,
  "nx": { "targets": { "say": { "executor": "nx:run-commands", "cache": true, "options": { "command": "echo computed" } } } }
}
JSON
echo '{ "analytics": false, "neverConnectToCloud": true }' > nx.json
printf 'node_modules\n.nx\n' > .gitignore
npm install --no-audit --no-fund --loglevel=error "nx@$VERSION" > /dev/null
git init -q
git -c user.name=n -c user.email=n@example.org add .
git -c user.name=n -c user.email=n@example.org commit -qm one
cd ..
for clone in second third fourth; do
  git clone -q first "$clone"
  cp -R first/node_modules "$clone"
done
WRONG=0
# what, expected, folder, variables
try() {
  output=$(cd "$3" && env ${4:-} npx nx run one:say 2>&1) || { echo "$output"; exit 1; }
  case $output in
    *'local cache'* | *'existing outputs'*) found='from the cache' ;;
    *) found=computed ;;
  esac
  printf '%-35s %s\n' "$1" "$found"
  if [ "$found" != "$2" ]; then
    printf '%-35s %s\n' '  expected' "$2"
    WRONG=1
  fi
}
echo "nx $(node -p "require('./first/node_modules/nx/package.json').version"), Node $(node --version)"
try 'first checkout' computed first
rm -rf first/.nx/cache
try 'first checkout, .nx/cache deleted' 'from the cache' first
try 'a clone in another folder' 'from the cache' second
try 'a clone, NX_CACHE_DIRECTORY set' computed third NX_CACHE_DIRECTORY=.nx/own
try 'a clone, another HOME' computed fourth "HOME=$FOLDER/other"
exit $WRONG
