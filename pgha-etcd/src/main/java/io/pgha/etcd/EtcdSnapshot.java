package io.pgha.etcd;

import io.pgha.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in a file, as {@code etcdctl snapshot save} writes it: the database, then its SHA-256. Immutable.
 *
 * @param file where it is
 * @param bytes the file's size
 * @param sha256 the digest of the database, in hexadecimal; the one that the file ends with
 */
public record EtcdSnapshot(Path file, long bytes, String sha256) {
    private static final int DIGEST = 32;
    private static final int PAGE = 512;

    /**
     * Reads a snapshot and checks that it is whole. Does file I/O.
     *
     * @param file the file
     * @return the snapshot
     * @throws EtcdException when it cannot be read, is cut short or damaged (code {@code etcd.snapshot})
     */
    public static EtcdSnapshot read(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes <= DIGEST || bytes % PAGE != DIGEST) {
                throw damaged(file, bytes + " bytes are not the length of a snapshot", null);
            }
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] written;
            try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (long left = bytes - DIGEST; left > 0; ) {
                    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw damaged(file, "it became shorter while it was read", null);
                    }
                    sha256.update(buffer, 0, count);
                    left -= count;
                }
                written = in.readNBytes(DIGEST);
            }
            byte[] computed = sha256.digest();
            if (!Arrays.equals(written, computed)) {
                throw damaged(file, "its SHA-256 is not the one that it ends with", null);
            }
            return new EtcdSnapshot(file, bytes, HexFormat.of().formatHex(computed));
        } catch (IOException e) {
            throw damaged(file, "it cannot be read: " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    private static EtcdException damaged(Path file, String why, @Nullable Exception cause) {
        return new EtcdException(
                Problem.of(
                        EtcdException.SNAPSHOT,
                        file + " is no whole snapshot of etcd: " + why,
                        "Take another one: client.snapshot(path), or etcdctl snapshot save."),
                cause);
    }
}
