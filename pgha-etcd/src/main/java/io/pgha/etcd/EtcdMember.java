package io.pgha.etcd;

import io.etcd.jetcd.api.Member;
import java.net.URI;
import java.util.List;

/**
 * A member as etcd lists it. Immutable.
 *
 * @param name its name; empty while it has not started for the first time
 * @param id etcd's number of it, in hexadecimal as {@code etcdctl} prints it
 * @param peerUrls where other members reach it
 * @param clientUrls where clients reach it; empty while it has not started for the first time
 * @param learner whether it only learns, without a vote
 */
public record EtcdMember(String name, String id, List<URI> peerUrls, List<URI> clientUrls, boolean learner) {

    static EtcdMember of(Member member) {
        return new EtcdMember(
                member.getName(),
                Long.toHexString(member.getID()),
                member.getPeerURLsList().stream().map(URI::create).toList(),
                member.getClientURLsList().stream().map(URI::create).toList(),
                member.getIsLearner());
    }

    long number() {
        return Long.parseUnsignedLong(id, 16);
    }

    /** Returns its name, or where it has none yet its peer URL. */
    String title() {
        return name.isEmpty() ? "the member at " + peerUrls : name;
    }

    boolean is(String nameOrId) {
        return name.equals(nameOrId) || id.equals(nameOrId);
    }

    /** Returns one line. */
    @Override
    public String toString() {
        return title() + " (" + id + ")" + (learner ? ", learner" : "") + (clientUrls.isEmpty() ? ", not started" : "");
    }
}
