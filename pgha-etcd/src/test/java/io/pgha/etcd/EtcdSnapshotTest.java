package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdSnapshotTest {
    @TempDir
    Path directory;

    private static byte[] whole() throws Exception {
        byte[] bytes = Arrays.copyOf("a database".getBytes(StandardCharsets.UTF_8), 4096 + 32);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(bytes, 0, 4096);
        System.arraycopy(digest.digest(), 0, bytes, 4096, 32);
        return bytes;
    }

    @Test
    void aWholeOneIsRead() throws Exception {
        Path file = Files.write(directory.resolve("whole"), whole());
        assertThat(EtcdSnapshot.read(file).bytes()).isEqualTo(4128);
        assertThat(EtcdSnapshot.read(file).sha256()).hasSize(64);
    }

    @Test
    void whatIsNotWholeIsRefused() throws Exception {
        byte[] changed = whole();
        changed[7] ^= 1;
        refused(changed, "SHA-256");
        refused(Arrays.copyOf(whole(), 4096), "length");
        refused(new byte[0], "length");
        assertThatThrownBy(() -> EtcdSnapshot.read(directory.resolve("none")))
                .isInstanceOf(EtcdException.class)
                .hasMessageContaining("cannot be read");
    }

    private void refused(byte[] bytes, String why) throws Exception {
        Path file = Files.write(directory.resolve("damaged"), bytes);
        assertThatThrownBy(() -> EtcdSnapshot.read(file))
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.SNAPSHOT))
                .hasMessageContaining(why)
                .hasMessageContaining("To fix: ");
    }
}
