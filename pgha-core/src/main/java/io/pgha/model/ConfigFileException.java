package io.pgha.model;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reports that a configuration file could not be read or written. Codes {@code config.file-unreadable} and
 * {@code config.file-unwritable}. Immutable.
 */
public final class ConfigFileException extends PgHaException {
    private static final long serialVersionUID = 1L;

    private ConfigFileException(Problem problem, IOException cause) {
        super(problem, cause);
    }

    static ConfigFileException unreadable(Path file, IOException cause) {
        return new ConfigFileException(
                Problem.of(
                        "config.file-unreadable",
                        "Reading the configuration " + file.toAbsolutePath() + " failed: " + reason(cause),
                        "Give the path of a UTF-8 text file that this user may read."),
                cause);
    }

    static ConfigFileException unwritable(Path file, IOException cause) {
        return new ConfigFileException(
                Problem.of(
                        "config.file-unwritable",
                        "Writing the configuration " + file.toAbsolutePath() + " failed: " + reason(cause),
                        "Make sure that the directory exists, has room, and that this user may write to it."),
                cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "this user may not";
        }
        if (cause instanceof CharacterCodingException) {
            return "it is not text in UTF-8";
        }
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : " " + cause.getMessage());
    }
}
