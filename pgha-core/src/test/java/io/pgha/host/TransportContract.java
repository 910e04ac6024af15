package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Transport} does, whether it reaches real machines or rehearses. A test class extends it for each
 * transport; scripts are asked only what a rehearsal can answer too.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract {

    /** For subclasses. */
    protected TransportContract() {}

    /**
     * Returns a new transport that reaches {@link #node()}; the test closes it.
     *
     * @return the transport
     */
    protected abstract Transport newTransport();

    /**
     * Returns a machine that the transport reaches.
     *
     * @return its node
     */
    protected abstract Node node();

    @Test
    void aHostKnowsItsNode() throws InterruptedException {
        try (Transport transport = newTransport()) {
            assertThat(transport.connect(node()).node()).isEqualTo(node());
        }
    }

    @Test
    void aNodeIsConnectedToOnce() throws InterruptedException {
        try (Transport transport = newTransport()) {
            assertThat(transport.connect(node())).isSameAs(transport.connect(node()));
        }
    }

    @Test
    void probesAreAnsweredInTheirOrder() throws InterruptedException {
        try (Transport transport = newTransport()) {
            List<Probe> probes = List.of(
                    new Probe("word", "printf %s word", "word"),
                    new Probe("nothing", ":", ""),
                    new Probe("lines", "printf 'one\\ntwo\\n\\n'", "one\ntwo"),
                    new Probe("café", "printf %s '☕ a'\\''b'", "☕ a'b"));
            assertThat(transport.connect(node()).observe(probes).entrySet())
                    .extracting(answer -> answer.getKey() + "=" + answer.getValue())
                    .containsExactly("word=word", "nothing=", "lines=one\ntwo", "café=☕ a'b");
        }
    }

    @Test
    void aCommandWithoutProbesSucceedsAndSaysNothing() throws InterruptedException {
        try (Transport transport = newTransport()) {
            assertThat(transport.connect(node()).run(Command.sh(":"))).isEqualTo(new CommandResult(0, "", ""));
        }
    }

    @Test
    void inputThatTheScriptDoesNotReadDoesNoHarm() throws InterruptedException {
        try (Transport transport = newTransport()) {
            Command command =
                    Command.builder().script(":").stdin(new byte[300_000]).build();
            assertThat(transport.connect(node()).run(command)).isEqualTo(new CommandResult(0, "", ""));
        }
    }

    @Test
    void manyThreadsMayUseOneHost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Transport transport = newTransport()) {
            List<Callable<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String word = "word" + i;
                List<Probe> probes = List.of(new Probe("p", "printf %s " + word, word));
                tasks.add(() -> transport.connect(node()).observe(probes).get("p"));
            }
            List<String> answers = new ArrayList<>();
            for (Future<String> answer : threads.invokeAll(tasks)) {
                answers.add(answer.get(60, TimeUnit.SECONDS));
            }
            assertThat(answers).hasSize(16).doesNotHaveDuplicates().contains("word0", "word15");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadRunsNothing() throws InterruptedException {
        try (Transport transport = newTransport()) {
            RemoteHost host = transport.connect(node());
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> host.run(Command.sh(":")));
            assertThat(Thread.interrupted())
                    .as("the flag is cleared with the exception")
                    .isFalse();
            assertThat(host.run(Command.sh(":")).succeeded()).isTrue();
        }
    }

    @Test
    void aClosedTransportRefusesEverything() throws InterruptedException {
        Transport transport = newTransport();
        RemoteHost host = transport.connect(node());
        transport.close();
        List<ThrowingCallable> calls = List.of(
                () -> transport.connect(node()),
                () -> host.run(Command.sh(":")),
                () -> host.observe(List.of(new Probe("p", ":", ""))),
                () -> host.forward("127.0.0.1", 1),
                () -> host.relay("127.0.0.1", 1));
        assertThat(calls)
                .allSatisfy(call -> assertThatExceptionOfType(HostException.class)
                        .isThrownBy(call)
                        .satisfies(e -> assertThat(e.code()).isEqualTo("host.closed")));
    }

    @Test
    void closingTwiceDoesNoHarm() throws InterruptedException {
        Transport transport = newTransport();
        transport.connect(node());
        transport.close();
        assertThatCode(transport::close).doesNotThrowAnyException();
        newTransport().close();
    }
}
