#!/usr/bin/env bash
# Translations are complete: every file with a translatable string is listed, and every language in po/LINGUAS translates
# every string of them. translations-test.sh SOURCE_ROOT
set -u
cd "$1" || exit 1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
number=0

# check NAME TEXT: good where TEXT, what is wrong, is empty
check() {
  number=$((number + 1))
  if [ -z "$2" ]; then
    echo "ok $number $1"
  else
    echo "not ok $number $1"
    printf '%s\n' "$2" | sed 's/^/# /' | head -n 40
  fi
}

marked_files() {
  {
    find src ui -name '*.[ch]' -print0 | xargs -0 -r grep -lE '(^|[^A-Za-z0-9])(_|N_|C_|ngettext|g_dngettext) ?\(("|$)'
    find resources ui -name '*.ui' -print0 | xargs -0 -r grep -lE 'translatable="(yes|true|1)"'
    find data -name '*.in'
    find data -name '*.gschema.xml' -print0 | xargs -0 -r grep -lE '<(summary|description)>'
  } | sort -u
}

check "every file with strings is in po/POTFILES.in" "$(comm -23 <(marked_files) <(grep -v '^#' po/POTFILES.in | sort -u))"
check "every file in po/POTFILES.in is there" "$(grep -v '^#' po/POTFILES.in | while read -r file; do
  [ -f "$file" ] || echo "$file"; done)"
check "strings can be extracted" "$(xgettext --files-from=po/POTFILES.in --from-code=UTF-8 --add-comments \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=g_dngettext:2,3 --output="$folder/all.pot" 2>&1 | grep -v 'warning')"
while read -r language; do
  msgmerge --quiet --no-fuzzy-matching "po/$language.po" "$folder/all.pot" --output-file="$folder/$language.po"
  check "$language: well formed" "$(msgfmt --check --output-file=/dev/null "$folder/$language.po" 2>&1)"
  check "$language: nothing untranslated" "$(msgattrib --untranslated --no-wrap "$folder/$language.po" | grep -E '^(#:|msgid)')"
  check "$language: nothing fuzzy" "$(msgattrib --only-fuzzy --no-obsolete --no-wrap "po/$language.po" | grep -E '^msgid ".+')"
done < <(grep -v '^#' po/LINGUAS)
echo "1..$number"
