package io.pgha.etcd.internal.member;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.pgha.Problem;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdSnapshot;
import io.pgha.etcd.internal.rpc.Rpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;

/**
 * Takes snapshots: all or nothing, readable by the owner only, for a snapshot holds all that etcd knows. Thread-safe.
 */
public final class Snapshots {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Rpc rpc;

    public Snapshots(Rpc rpc) {
        this.rpc = rpc;
    }

    public EtcdSnapshot save(Path file) throws InterruptedException {
        URI member = rpc.serving();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            rpc.at(member, LIMIT, channel -> {
                Iterator<SnapshotResponse> pieces =
                        MaintenanceGrpc.newBlockingStub(channel).snapshot(SnapshotRequest.getDefaultInstance());
                return write(pieces, part);
            });
            EtcdSnapshot whole = EtcdSnapshot.read(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new EtcdSnapshot(file, whole.bytes(), whole.sha256());
        } catch (IOException | UncheckedIOException e) {
            throw new EtcdException(
                    Problem.of(
                            EtcdException.SNAPSHOT,
                            "The snapshot cannot be written to " + file + ": " + e.getMessage(),
                            "Name a file in a directory that exists, may be written and has room."),
                    e);
        } finally {
            discard(part);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException left) {
            // The next snapshot to this file removes it; the reason why this one failed is on its way already.
        }
    }

    private static Path write(Iterator<SnapshotResponse> pieces, Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (FileChannel out = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (pieces.hasNext()) {
                ByteBuffer blob = pieces.next().getBlob().asReadOnlyByteBuffer();
                while (blob.hasRemaining()) {
                    out.write(blob);
                }
            }
            out.force(true);
            return part;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
