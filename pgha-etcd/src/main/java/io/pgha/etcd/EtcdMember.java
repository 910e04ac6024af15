package io.pgha.etcd;

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

    /**
     * Returns how messages call it.
     *
     * @return its name, or where it has none yet its peer URLs
     */
    public String title() {
        return name.isEmpty() ? "the member at " + peerUrls : name;
    }

    /** Returns one line. */
    @Override
    public String toString() {
        return title() + " (" + id + ")" + (learner ? ", learner" : "") + (clientUrls.isEmpty() ? ", not started" : "");
    }
}
