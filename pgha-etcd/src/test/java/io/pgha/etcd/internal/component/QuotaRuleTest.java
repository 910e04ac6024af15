package io.pgha.etcd.internal.component;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.etcd.Etcd;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.model.ClusterConfig;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaRuleTest {
    private static final int PAGE = 4096;
    private static final int MAGIC = 0xED0CDAED;
    private static final long QUOTA = 16L << 20;

    @TempDir
    private Path directory;

    @Test
    void aQuotaBelowWhatIsThereIsRefused() {
        ClusterConfig config = Clusters.dedicated();
        PreflightRule rule = Etcd.component().preflight(new FixedPlanContext(config, "bookworm")).stream()
                .filter(each -> each.probe().id().equals("etcd:size"))
                .findFirst()
                .orElseThrow();
        long quota = config.etcd().quotaBackendBytes();

        assertThat(rule.probe().script()).contains(EtcdLayout.database(config), String.valueOf(quota));
        assertThat(rule.judge().apply("")).isEmpty();
        assertThat(rule.judge().apply("20480")).isEmpty();
        assertThat(rule.judge().apply(String.valueOf(quota - 1))).isEmpty();
        assertThat(rule.judge().apply(String.valueOf(quota))).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.etcd-quota");
            assertThat(problem.message()).contains(String.valueOf(quota), "no more writes");
        });
    }

    @Test
    void aDatabaseIsAsLargeAsEtcdCountsIt() throws Exception {
        assertThat(size(database(QUOTA + 53_248, 13, 12))).isEqualTo(String.valueOf(13 * PAGE));
        assertThat(size(database(QUOTA + 53_248, 12, 13))).isEqualTo(String.valueOf(13 * PAGE));
        assertThat(size(database(2 * QUOTA, 4_200, 4_201))).isEqualTo(String.valueOf(4_201 * PAGE));
    }

    @Test
    void aSmallFileAndWhatIsNoDatabaseTellNothing() throws Exception {
        assertThat(size(directory.resolve("none"))).isEmpty();
        assertThat(size(database(QUOTA - 1, 4_200, 4_200))).isEmpty();
        Path foreign = directory.resolve("foreign");
        write(foreign, 0, ByteBuffer.allocate((int) QUOTA));
        assertThat(size(foreign)).isEmpty();
    }

    /** A sparse file of this length whose two first pages say how many pages are in use. */
    private Path database(long length, long first, long second) throws IOException {
        Path file = directory.resolve("it's " + length + " $(db) " + first);
        write(file, length - 1, ByteBuffer.allocate(1));
        write(file, 0, meta(first));
        write(file, PAGE, meta(second));
        return file;
    }

    private static ByteBuffer meta(long pages) {
        return ByteBuffer.allocate(PAGE)
                .order(ByteOrder.nativeOrder())
                .putInt(16, MAGIC)
                .putInt(20, 2)
                .putInt(24, PAGE)
                .putLong(56, pages);
    }

    private static void write(Path file, long position, ByteBuffer content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(content, position);
        }
    }

    private static String size(Path database) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", QuotaRule.script(database.toString(), QUOTA))
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
        shell.waitFor();
        return printed;
    }
}
