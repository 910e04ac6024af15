package io.pgha.etcd;

import java.util.Locale;

/**
 * What defragmenting one member has given back. Immutable.
 *
 * @param member which
 * @param bytesBefore the size of its database's file before
 * @param bytesAfter and after
 */
public record Defragmentation(EtcdMember member, long bytesBefore, long bytesAfter) {

    /** Returns one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %.1f MiB, was %.1f MiB",
                member.title(),
                bytesAfter / 1048576.0,
                bytesBefore / 1048576.0);
    }
}
