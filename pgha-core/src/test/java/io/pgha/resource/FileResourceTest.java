package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Probe;
import io.pgha.host.Probes;
import io.pgha.plan.Change;
import io.pgha.spi.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are looked at together, by a real shell. */
class FileResourceTest {
    private static final List<String> HOSTILE = List.of(
            "plain", "a b", "b", "it's", "a\tb", "a\nb", "$HOME", "*", "[ab]", "\\n", "%s", "-n", "plain/plain");

    @TempDir
    Path directory;

    private FileResource file(String name, String content, String mode) throws Exception {
        PosixFileAttributes mine =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return FileResource.at(directory.resolve(name).toString())
                .owner(mine.owner().getName() + ":" + mine.group().getName())
                .content(content)
                .mode(mode)
                .build();
    }

    private static Map<String, String> look(List<FileResource> files) throws Exception {
        return ask(files.stream().map(FileResource::probe).toList());
    }

    private static Map<String, String> ask(List<Probe> probes) throws Exception {
        Process shell = new ProcessBuilder("sh").start();
        shell.getOutputStream().write(Probes.script(probes).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        return Probes.answers(probes, new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static void write(FileResource file) throws Exception {
        Path path = Path.of(file.path());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.content());
        int bits = Integer.parseInt(file.mode(), 8);
        StringBuilder letters = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            letters.append((bits >> bit & 1) == 1 ? "rwx".charAt(2 - bit % 3) : '-');
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(letters.toString()));
    }

    /** Each has a mode of its own, so that one that was taken for another would differ. */
    @Test
    void eachIsToldFromTheOthersWhateverTheirNames() throws Exception {
        List<FileResource> files = new ArrayList<>();
        for (int i = 0; i < HOSTILE.size(); i++) {
            String name = HOSTILE.get(i).replace("plain/", "nested" + directory + "/");
            files.add(file(name, "content " + i + "\n", Integer.toOctalString(0600 + i)));
        }
        for (FileResource file : files) {
            write(file);
        }
        Map<String, String> answers = look(files);

        assertThat(files)
                .allSatisfy(file -> assertThat(file.diff(Observation.of(answers.get(file.id()))))
                        .isEmpty());
    }

    @Test
    void whatIsNoPlainFileOfTheRightKindIsNamed() throws Exception {
        Files.createDirectory(directory.resolve("directory"));
        Files.writeString(directory.resolve("elsewhere"), "x");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        FileResource open = file("open", "x", "600");
        write(open);
        Files.setPosixFilePermissions(Path.of(open.path()), PosixFilePermissions.fromString("rw-r--r--"));
        FileResource other = file("other", "x", "600");
        write(file("other", "y", "600"));
        FileResource hidden = FileResource.at(directory.resolve("hidden").toString())
                .from(file("hidden", "x", "600"))
                .secret()
                .build();
        write(hidden);
        List<FileResource> files = List.of(
                file("directory", "x", "600"),
                file("link", "x", "600"),
                file("dangling", "x", "600"),
                file("absent", "x", "600"),
                open,
                other,
                hidden);
        Map<String, String> answers = look(files);

        assertThat(files.stream()
                        .map(file -> file.diff(Observation.of(answers.get(file.id())))
                                .map(change -> change.reason()
                                        .replaceAll("is 644 .*, should be 600 .*", "is 644, should be 600"))
                                .orElse("")))
                .containsExactly(
                        "not a plain file",
                        "not a plain file",
                        "not a plain file",
                        "absent",
                        "is 644, should be 600",
                        "content differs",
                        "");
    }

    /** A look must neither wait for a writer nor end with the first thing that cannot be read. */
    @Test
    void aPipeIsNoPlainFileAndIsNotRead() throws Exception {
        FileResource pipe = file("pipe", "x", "600");
        FileResource secretPipe = FileResource.at(pipe.path() + "-2")
                .from(file("pipe-2", "x", "600"))
                .secret()
                .build();
        FileResource behind = file("behind", "x", "600");
        write(behind);
        for (FileResource each : List.of(pipe, secretPipe)) {
            assertThat(new ProcessBuilder("mkfifo", each.path()).start().waitFor())
                    .isZero();
        }
        Map<String, String> answers = look(List.of(pipe, secretPipe, behind));

        assertThat(answers).containsEntry(pipe.id(), "other").containsEntry(secretPipe.id(), "other");
        assertThat(behind.diff(Observation.of(answers.get(behind.id())))).isEmpty();
    }

    @Test
    void bytesThatAreNoTextAreNotTakenForTheTextThatTheyLookLike() throws Exception {
        FileResource replaced = file("latin", "caf\ufffd\n", "600");
        FileResource empty = file("empty", "", "600");
        FileResource zero = file("zero", "a\0b", "600");
        write(replaced);
        write(empty);
        write(zero);
        assertThat(look(List.of(replaced, empty, zero)).entrySet())
                .allSatisfy(answer -> assertThat(Stream.of(replaced, empty, zero)
                                .filter(file -> file.id().equals(answer.getKey()))
                                .findFirst()
                                .orElseThrow()
                                .diff(Observation.of(answer.getValue())))
                        .isEmpty());

        Files.write(Path.of(replaced.path()), new byte[] {'c', 'a', 'f', (byte) 0xe9, '\n'});
        String answer = look(List.of(replaced)).get(replaced.id());
        assertThat(replaced.diff(Observation.of(answer))).map(Change::reason).contains("content differs");
    }

    /** What is asked of a file by one must not change what another is told of it. */
    @Test
    void aFileIsLookedAtInSeveralWaysAtOnce() throws Exception {
        FileResource file = file("file", "x", "600");
        write(file);
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of(file.path()));
        Map<HostFile.Look, String> digits = new TreeMap<>();
        List<Probe> probes = new ArrayList<>();
        for (HostFile.Look look : List.of(HostFile.Look.HASH, HostFile.Look.TARGET, HostFile.Look.CONTENT)) {
            String path = look == HostFile.Look.TARGET ? link.toString() : file.path();
            probes.add(new Probe(
                    look.name(),
                    List.of(look.batch(path)),
                    printed -> look.find(printed.get(0), path).orElseThrow().digits(),
                    ""));
        }
        ask(probes).forEach((id, answer) -> digits.put(HostFile.Look.valueOf(id), answer));

        assertThat(digits)
                .containsEntry(HostFile.Look.CONTENT, "78")
                .containsEntry(HostFile.Look.TARGET, "78")
                .containsEntry(HostFile.Look.HASH, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    }

    /** {@code /etc/hosts} may be a link: what others wrote behind it must stay when the block is added. */
    @Test
    void aBlockFindsWhatIsBehindALink() throws Exception {
        Path others = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), others);
        BlockResource block = BlockResource.in(link.toString())
                .name("hosts")
                .content("10.0.0.1 pg1\n")
                .build();
        String answer = ask(List.of(block.probe())).get(block.id());

        assertThat(new String(block.act(Observation.of(answer)).command().stdin(), StandardCharsets.UTF_8))
                .startsWith("127.0.0.1 localhost\n")
                .contains("10.0.0.1 pg1");
    }
}
