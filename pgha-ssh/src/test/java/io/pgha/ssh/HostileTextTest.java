package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.RemoteHost;
import io.pgha.host.ShellQuote;
import io.pgha.host.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any text comes through a real shell unchanged, whichever way it goes in. */
class HostileTextTest {
    private static Path dir;
    private static MinaServer server;
    private static Transport transport;
    private static RemoteHost host;

    @BeforeContainer
    static void connect() throws IOException, InterruptedException {
        dir = Files.createTempDirectory("pgha-hostile");
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        server = new MinaServer().start();
        server.authorized.add(key.getPublic());
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
        transport = Ssh.transport(
                ssh -> ssh.user("root").privateKey(dir.resolve("id")).knownHosts(dir.resolve("known_hosts")));
        host = transport.connect(server.node());
    }

    @AfterContainer
    static void close() throws IOException {
        transport.close();
        server.close();
        Files.delete(dir.resolve("id"));
        Files.delete(dir.resolve("known_hosts"));
        Files.delete(dir);
    }

    /** Text of what shells, quoting and transports stumble over, and any other; no NUL, and no half of a pair. */
    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "$(id)",
                "`id`",
                "$x",
                "\n",
                "\r",
                "\t",
                " ",
                "!",
                "#",
                ";",
                "&",
                "|",
                "<",
                ">",
                "*",
                "?",
                "[",
                "~",
                "-",
                "--",
                "-n",
                "%s",
                "\\n",
                "\u001b[0m",
                "\u001epgha\u001e",
                "EOF",
                "é",
                "☕",
                "\uD83D\uDC18",
                "\u00a0",
                "\u2028",
                "${IFS}",
                "\\'",
                "'\\''",
                "\u0001",
                "\u007f");
        Arbitrary<String> any =
                Arbitraries.strings().withCharRange('\u0001', '\uD7FF').ofMaxLength(5);
        return Arbitraries.oneOf(pieces, any).list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    private static String decoded(String base64) {
        return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Property(tries = 60)
    void argumentsComeThrough(@ForAll("hostile") String first, @ForAll("hostile") String second)
            throws InterruptedException {
        String script = "set -- " + ShellQuote.quote(first) + " " + ShellQuote.quote(second)
                + "\n[ $# = 2 ] || exit 9\nprintf %s \"$1\" | base64\necho :\nprintf %s \"$2\" | base64";
        CommandResult result = host.run(Command.sh(script));
        assertThat(result.exitStatus()).isZero();
        assertThat(List.of(result.stdout().split(":", -1)).stream().map(HostileTextTest::decoded))
                .containsExactly(first, second);
    }

    @Property(tries = 60)
    void argumentsComeBackInTheOutput(@ForAll("hostile") String text) throws InterruptedException {
        assertThat(host.run(Command.sh("printf %s " + ShellQuote.quote(text))))
                .isEqualTo(new CommandResult(0, text, ""));
    }

    @Property(tries = 40)
    void inputComesThrough(@ForAll("hostile") String text) throws InterruptedException {
        Command command = Command.builder().script("cat").stdin(text).build();
        assertThat(host.run(command)).isEqualTo(new CommandResult(0, text, ""));
    }

    @Property(tries = 40)
    void anyBytesComeThrough(@ForAll @Size(max = 2000) byte[] bytes) throws InterruptedException {
        Command command = Command.builder().script("base64 -w 0").stdin(bytes).build();
        assertThat(Base64.getDecoder().decode(host.run(command).stdout())).isEqualTo(bytes);
    }

    @Property(tries = 30)
    void theCommandLineIsConstant(@ForAll("hostile") String text) throws InterruptedException {
        host.run(Command.builder()
                .script("printf %s " + ShellQuote.quote(text) + " >/dev/null")
                .stdin(text)
                .build());
        String line = server.commandLines.get(server.commandLines.size() - 1);
        boolean input = !text.isEmpty();
        assertThat(line.replaceAll("[0-9]+", "N"))
                .isEqualTo(
                        "exec sh -c 'umask N; LC_ALL=C; export LC_ALL; printf \"\\Npgha\\N\"; printf \"\\Npgha\\N\" >&N; "
                                + "cut() { printf \"\\Ncut\\N\" >&N; exit N; }; "
                                + "pgha_s=$(head -c N); [ ${#pgha_s} = N ] || cut; "
                                + (input
                                        ? "pgha_d=$(head -c N | baseN -w N); [ ${#pgha_d} = N ] || cut; "
                                                + "printf %s \"$pgha_d\" N>/dev/null | baseN -d N>/dev/null | "
                                        : "exec </dev/null; ")
                                + "eval \"unset pgha_s pgha_d; unset -f cut; $pgha_s\"'");
    }
}
