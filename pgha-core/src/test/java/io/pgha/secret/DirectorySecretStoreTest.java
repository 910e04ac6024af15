package io.pgha.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorySecretStoreTest extends SecretStoreContract {
    private static final String NAME = "postgres.superuser";
    private static final Secret FIRST = Secret.of("hunter2");
    private static final Secret SECOND = Secret.of("correct-horse");

    @TempDir
    private Path parent;

    @Override
    protected SecretStore open() {
        return SecretStore.directory(directory());
    }

    private Path directory() {
        return parent.resolve("state/secrets");
    }

    private Path file() {
        return directory().resolve("demo").resolve(NAME);
    }

    private SecretStore demo() {
        return open().forCluster("demo");
    }

    /** As somebody's editor leaves it in directories that somebody has made. */
    private Path byHand(Path file, String text, String fileMode, String directoryMode) throws IOException {
        Files.createDirectories(file.getParent());
        for (Path each = file.getParent(); each.startsWith(directory()); each = each.getParent()) {
            mode(each, directoryMode);
        }
        return mode(Files.writeString(file, text), fileMode);
    }

    private static Path mode(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void onlyTheOwnerGetsAtWhatIsKept() throws Exception {
        demo().put(NAME, FIRST);
        assertThat(mode(file())).isEqualTo("rw-------");
        assertThat(file()).hasContent("hunter2");
        demo().replace(NAME, FIRST, SECOND);

        assertThat(mode(file())).isEqualTo("rw-------");
        assertThat(mode(file().resolveSibling(".lock"))).isEqualTo("rw-------");
        assertThat(file()).hasContent("correct-horse");
        for (Path made : List.of(file().getParent(), directory(), directory().getParent())) {
            assertThat(mode(made)).isEqualTo("rwx------");
        }
        try (Stream<Path> entries = Files.list(file().getParent())) {
            assertThat(entries)
                    .as("nothing else is left")
                    .containsExactlyInAnyOrder(file(), file().resolveSibling(".lock"));
        }
    }

    @Test
    void whatIsReplacedLosesTheModeThatAnEditorGaveIt() throws Exception {
        byHand(file(), "hunter2\n", "rw-r--r--", "rwx------");
        demo().replace(NAME, FIRST, SECOND);

        assertThat(mode(file())).isEqualTo("rw-------");
    }

    @Test
    void whatNoSecretIsCalledIsNoSecret() throws Exception {
        demo().put(NAME, FIRST);
        for (String other : List.of(".secret123", "postgres.superuser~", "#postgres.superuser#", "README.md", "a b")) {
            Files.writeString(file().resolveSibling(other), "hunter3");
        }
        Files.createDirectory(file().resolveSibling("directory"));

        assertThat(demo().names()).containsExactly(NAME);
        assertThat(open().names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----,rwxr-x---", "rw----r--,rwx-----x", "rw--w----,rwx--x---", "rw-----w-,rwxrwxrwx"})
    void whatOthersGetAtIsRefused(String mode, String directoryMode) throws Exception {
        byHand(file(), "hunter2\n", mode, directoryMode);

        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> demo().read(NAME))
                .withMessageContaining("The secret in " + file() + " is open to others")
                .withMessageContaining(mode)
                .withMessageContaining("chmod 600 " + file())
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.exposed"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter"));
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> demo().obtain(NAME, () -> SECOND))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.exposed"));
        mode(file(), "rw-------");
        assertThat(demo().read(NAME)).contains(FIRST);
    }

    @Test
    void aDirectoryThatNobodyElseEntersHidesWhatIsInIt() throws Exception {
        byHand(file(), "hunter2\n", "rw-r--r--", "rwxr-xr-x");
        mode(directory(), "rwxr--r--");
        assertThat(demo().read(NAME)).contains(FIRST);

        mode(directory(), "rwxr-xr-x");
        mode(file().getParent(), "rwx------");
        assertThat(demo().read(NAME)).contains(FIRST);
    }

    @Test
    void whatIsLinkedToIsReadAndNotReplaced() throws Exception {
        Path elsewhere = Files.writeString(parent.resolve("elsewhere"), "hunter2\n");
        demo().put("another", FIRST);
        Files.createSymbolicLink(file(), elsewhere);
        mode(elsewhere, "rw-r--r--");
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> demo().read(NAME))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.exposed"));
        mode(elsewhere, "rw-------");
        assertThat(demo().read(NAME)).contains(FIRST);

        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> demo().replace(NAME, FIRST, SECOND))
                .withMessageContaining(elsewhere.toString())
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.link"));
        assertThat(elsewhere).hasContent("hunter2");
        assertThat(file()).isSymbolicLink();
    }

    /** What it leads to may be on a disk that is not mounted. */
    @Test
    void aLinkThatLeadsNowhereDoesNotSayThatThereIsNone() throws Exception {
        demo().put("another", FIRST);
        Files.createSymbolicLink(file(), parent.resolve("not-mounted"));

        unusable(file().getParent(), () -> demo().read(NAME));
        unusable(file().getParent(), () -> demo().obtain(NAME, () -> FIRST));
        assertThat(parent.resolve("not-mounted")).doesNotExist();
    }

    @Test
    void whatIsNoFileIsNoPassword() throws Exception {
        Files.createDirectories(file());
        assertThat(new ProcessBuilder("mkfifo", file().resolveSibling("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();

        for (String name : List.of(NAME, "fifo")) {
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(() -> demo().read(name))
                    .withMessageContaining(file().resolveSibling(name) + " is not a regular file")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.malformed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "state/secrets", "state/secrets/demo"})
    void aFileInTheDirectorysPlaceIsNoEmptyStore(String place) throws Exception {
        Path file = parent.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a file");
        Path demo = file().getParent();

        unusable(demo, () -> demo().names());
        unusable(demo, () -> demo().read(NAME));
        unusable(demo, () -> demo().put(NAME, FIRST));
        unusable(demo, () -> demo().obtain(NAME, () -> FIRST));
        unusable(demo, () -> demo().replace(NAME, FIRST, SECOND));
        assertThat(file).hasContent("a file");
    }

    private static void unusable(Path directory, ThrowingCallable call) {
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(call)
                .withMessageContaining("Make " + directory + " a directory")
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.io"));
    }

    @Test
    void noPasswordIsLostByAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThat(demo().obtain(NAME, () -> FIRST)).isEqualTo(FIRST);
        assertThat(Thread.interrupted()).as("the interrupt is left").isTrue();
        assertThat(demo().read(NAME)).contains(FIRST);

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> demo().replace(NAME, FIRST, SECOND))
                .satisfies(e -> assertThat(e.code()).isEqualTo("secrets.interrupted"));
        assertThat(Thread.interrupted()).as("the interrupt is left").isTrue();
        assertThat(demo().read(NAME)).contains(FIRST);
    }
}
