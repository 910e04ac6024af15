package io.pgha.resource;

import static io.pgha.host.ShellQuote.quote;

import java.util.Optional;

/** Renders the one way in which a file is put in place; the content is on standard input. */
final class InstallScript {
    private InstallScript() {}

    static String of(String path, String owner, String mode, Optional<String> check, Optional<String> afterwards) {
        StringBuilder script = new StringBuilder("set -e\numask 022\n");
        script.append("f=").append(quote(path)).append('\n');
        script.append("d=${f%/*}; mkdir -p \"${d:-/}\"\n");
        script.append("umask 077; t=$(mktemp \"$d/.pgha.XXXXXXXX\"); trap 'rm -f \"$t\"' EXIT\n");
        script.append("cat >\"$t\"\n");
        script.append("chown ")
                .append(quote(owner))
                .append(" \"$t\"; chmod ")
                .append(quote(mode))
                .append(" \"$t\"\n");
        check.ifPresent(text -> script.append("( set -- \"$t\"\n").append(text).append("\n) </dev/null\n"));
        script.append("sync \"$t\"; mv -fT \"$t\" \"$f\"; sync \"${d:-/}\"\n");
        afterwards.ifPresent(text -> script.append(text).append('\n'));
        return script.toString();
    }
}
