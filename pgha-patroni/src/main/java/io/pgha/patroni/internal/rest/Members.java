package io.pgha.patroni.internal.rest;

import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.internal.address.Endpoint;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members' REST APIs: those the user named and those the cluster named since. Thread-safe. */
public final class Members {
    /** Patroni clusters have a handful of members; an answer with more addresses than this is not believed. */
    private static final int MOST_DISCOVERED = 100;

    private final Function<Endpoint, Channel> opener;
    private final Map<Endpoint, Channel> named = new LinkedHashMap<>();
    private final Map<Endpoint, Channel> discovered = new LinkedHashMap<>();
    private final boolean tls;
    private @Nullable Channel preferred;

    public Members(PatroniClientOptions options, Function<Endpoint, Channel> opener) {
        this.opener = opener;
        options.endpoints().stream()
                .flatMap(uri -> Endpoint.from(uri).stream())
                .forEach(endpoint -> named.computeIfAbsent(endpoint, opener));
        this.tls = named.keySet().stream().allMatch(Endpoint::tls);
    }

    /** Returns those that the user named, in that order. */
    public synchronized List<Channel> named() {
        return List.copyOf(named.values());
    }

    /** Returns all, the most promising first. */
    public synchronized List<Channel> byHope() {
        List<Channel> all = new ArrayList<>(named.values());
        all.addAll(discovered.values());
        all.sort(Comparator.comparing(Channel::shunned).thenComparing(channel -> channel != preferred));
        return all;
    }

    /** Remembers who answered, to ask there first next time. */
    synchronized void prefer(Channel channel) {
        preferred = channel;
    }

    /**
     * Takes over the addresses that a view has. Where the user asked for TLS only, an address without TLS is not
     * called: it would be a way to get at the password.
     */
    public synchronized void adopt(ClusterView view) {
        Map<Endpoint, Channel> current = new LinkedHashMap<>();
        for (MemberView member : view.members()) {
            endpoint(member)
                    .filter(endpoint -> !named.containsKey(endpoint) && current.size() < MOST_DISCOVERED)
                    .ifPresent(endpoint -> {
                        Channel known = discovered.get(endpoint);
                        current.put(endpoint, known == null ? opener.apply(endpoint) : known);
                    });
        }
        discovered.clear();
        discovered.putAll(current);
    }

    /** Returns the way to one member, where it advertises an address that may be called. */
    public synchronized Optional<Channel> channel(MemberView member) {
        return endpoint(member).map(endpoint -> {
            Channel channel = named.get(endpoint);
            return channel == null ? discovered.computeIfAbsent(endpoint, opener) : channel;
        });
    }

    private Optional<Endpoint> endpoint(MemberView member) {
        return member.apiUrl().flatMap(Endpoint::fromApiUrl).filter(endpoint -> endpoint.tls() || !tls);
    }
}
