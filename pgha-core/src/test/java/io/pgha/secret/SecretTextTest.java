package io.pgha.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHaException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {
    private static final String NAME = "postgres.superuser";

    @TempDir
    Path directory;

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(bytes(""), "is empty"),
                Arguments.of(bytes("\n \n"), "is empty"),
                Arguments.of(bytes(" \n"), "is empty but for blanks"),
                Arguments.of(bytes("\u00a0\u2003"), "is empty but for blanks"),
                Arguments.of(bytes("\n\n"), "is empty"),
                Arguments.of(bytes("\nhunter2\n"), "has 2 lines"),
                Arguments.of(bytes(" hunter2"), "has a blank at its beginning"),
                Arguments.of(bytes("hunter2 \n"), "has a blank at its end"),
                Arguments.of(bytes("hunter2 \r\n"), "has a blank at its end"),
                Arguments.of(bytes("hunter2\u00a0"), "has a blank at its end"),
                Arguments.of(bytes("hunter2\t\n"), "has a control character"),
                Arguments.of(bytes("hunter2\u001b[0m"), "has a control character"),
                Arguments.of(bytes("hunter2\u2028hunter3"), "has a control character"),
                Arguments.of(bytes("hunter2\u0085"), "has a control character"),
                Arguments.of(bytes("hunter2\nhunter3\n"), "has 2 lines"),
                Arguments.of(bytes("hunter2\r\nhunter3"), "has 2 lines"),
                Arguments.of(bytes("hunter2\0"), "has a NUL character"),
                Arguments.of(bytes("\uFEFFhunter2"), "starts with a byte order mark"),
                Arguments.of(bytes("hunter2\uFEFF"), "has a byte order mark"),
                Arguments.of("hunter2".getBytes(StandardCharsets.UTF_16), "starts with a byte order mark of UTF-16"),
                Arguments.of("hunter2".getBytes(StandardCharsets.UTF_16LE), "has a NUL character"),
                Arguments.of("hünter2".getBytes(StandardCharsets.ISO_8859_1), "is not UTF-8; it may be Latin-1"),
                Arguments.of(bytes("hunter\t2"), "has a control character"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aFileThatIsNoPasswordIsNamedAndNeverShown(byte[] content, String what) throws Exception {
        Path file = Files.write(directory.resolve(NAME), content);

        SecretStore store = SecretStore.directory(directory);
        for (ThrowingCallable look : List.<ThrowingCallable>of(
                () -> store.obtain(NAME, () -> Secret.random(20)),
                () -> store.read(NAME),
                () -> store.replace(NAME, Secret.of("hunter2"), Secret.random(20)))) {
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(look)
                    .withMessageContaining("The secret in " + file + " " + what)
                    .withMessageContaining("To fix: ")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"))
                    .satisfies(e -> assertThat(e.remedy()).contains(file.toString()))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter", "hünter"));
        }
        assertThat(file).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2\n", "hunter2\r\n", "hunter2", "hunter2\n\n", "hünter2 with blanks", "="})
    void oneLineIsAPassword(String content) throws Exception {
        Files.writeString(directory.resolve(NAME), content);

        assertThat(SecretStore.directory(directory)
                        .obtain(NAME, () -> Secret.random(20))
                        .reveal())
                .isEqualTo(content.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2\nhunter3", "hunter2\0"})
    void whatIsMadeIsJudgedLikeWhatIsKept(String made) {
        for (SecretStore store : new SecretStore[] {SecretStore.memory(), SecretStore.directory(directory)}) {
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(() -> store.obtain(NAME, () -> Secret.of(made)))
                    .withMessageContaining("The secret " + NAME)
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "/tmp/x", "a/b", "a\0b"})
    void aNameLeadsNowhereElse(String name) {
        SecretStore store = SecretStore.directory(directory.resolve("secrets"));
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> store.obtain(name, () -> Secret.random(20)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.name"));
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> store.forCluster(name))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.name"));
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {" hunter2", "hunter2 ", "hunter2\u00a0"})
    void whatWouldBeReadAsAnotherOneIsNotWritten(String text) {
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> SecretStore.directory(directory).obtain(NAME, () -> Secret.of(text)))
                .withMessageContaining("The secret " + NAME + " has a blank at its ")
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nothingIsKeptOfWhatWasRefused() {
        SecretStore store = SecretStore.directory(directory);
        assertThatExceptionOfType(PgHaException.class).isThrownBy(() -> store.obtain(NAME, () -> Secret.of("")));

        assertThat(store.obtain(NAME, () -> Secret.of("hunter2")).reveal()).isEqualTo("hunter2");
    }
}
