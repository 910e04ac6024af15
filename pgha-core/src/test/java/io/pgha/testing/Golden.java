package io.pgha.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares rendered text with a file that is kept under {@code src/test/golden}; {@code -Dgolden.update} rewrites the
 * files.
 *
 * <p>Carriage returns are left out of the files, because editors, formatters and git do not keep them apart from line
 * ends.
 */
public final class Golden {
    private static final Path DIRECTORY = Path.of("src", "test", "golden");

    private Golden() {}

    /**
     * Fails when the text differs from the golden file, or when there is none.
     *
     * @param name the file's path below {@code src/test/golden}
     * @param rendered what was rendered
     */
    public static void check(String name, String rendered) {
        Path file = DIRECTORY.resolve(name);
        String actual = rendered.replace("\r", "");
        try {
            if (System.getProperty("golden.update") != null) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, actual);
            }
            assertThat(file).as("golden file; -Dgolden.update writes it").exists();
            assertThat(actual).as("%s; -Dgolden.update rewrites it", file).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
