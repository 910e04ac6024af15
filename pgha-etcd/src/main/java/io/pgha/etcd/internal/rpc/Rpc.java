package io.pgha.etcd.internal.rpc;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.net.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Sends requests to members: a read to one after the other until one answers, the last that did first; a change once,
 * to a member that has just shown that it has a quorum. Thread-safe.
 */
public final class Rpc implements AutoCloseable {
    private final EtcdClientOptions options;
    private final Channels channels;
    private volatile List<URI> endpoints;
    private volatile Optional<URI> last = Optional.empty();
    private volatile boolean closed;

    Rpc(EtcdClientOptions options, Login login, Tls tls, Executor executor) {
        this.options = options;
        this.channels = new Channels(options, login, tls, executor);
        this.endpoints = List.copyOf(options.endpoints());
    }

    /** A read: asked of as many members as it takes. */
    public <T> T read(Function<Channel, T> request) throws InterruptedException {
        Deadline deadline = Deadline.in(options.requestTimeout());
        List<Problem> failures = new ArrayList<>();
        List<URI> order = order();
        for (int i = 0; i < order.size() && !deadline.passed(); i++) {
            URI member = order.get(i);
            try {
                T answer = readAt(member, deadline.remaining().dividedBy(order.size() - i), request);
                last = Optional.of(member);
                return answer;
            } catch (EtcdException e) {
                if (!Failures.mayLieInTheMember(e)) {
                    last = Optional.of(member);
                    throw e;
                }
                failures.add(e.problem());
            }
        }
        throw Failures.all(failures);
    }

    /** A change: sent once. That it failed does not mean that it did not happen, where the code says so. */
    public <T> T change(Function<Channel, T> request) throws InterruptedException {
        URI member = serving();
        try {
            return at(member, options.requestTimeout(), request);
        } catch (EtcdException e) {
            if (Failures.mayLieInTheMember(e)) {
                throw new EtcdException(
                        Problem.of(
                                EtcdException.OUTCOME_UNKNOWN,
                                "A change was sent to " + member + " and its answer was lost: "
                                        + e.problem().message(),
                                "Look whether it has happened before you repeat it."),
                        e);
            }
            throw e;
        }
    }

    /**
     * A member that has a quorum at this moment: etcd asks the quorum first, and then whether the user may read the
     * key.
     */
    public URI serving() throws InterruptedException {
        try {
            read(channel -> KVGrpc.newBlockingStub(channel).range(ANY_KEY));
        } catch (EtcdException e) {
            if (!e.problem().message().contains("permission denied")) {
                throw e;
            }
        }
        return last.orElseThrow();
    }

    public static final RangeRequest ANY_KEY = RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("health"))
            .setKeysOnly(true)
            .build();

    /**
     * A read of one member, asked again while elections cut it short: an etcd that has just got a leader drops the
     * reads that waited for one, and would serve them now.
     */
    public <T> T readAt(URI member, Duration limit, Function<Channel, T> request) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            try {
                return at(member, deadline.remaining(), request);
            } catch (EtcdException e) {
                if (!Failures.electionCameBetween(e) || deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    /** Asks one member. */
    public <T> T at(URI member, Duration limit, Function<Channel, T> request) throws InterruptedException {
        checkOpen();
        try {
            return known(member, limit, request);
        } catch (StatusRuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a request to etcd was interrupted");
            }
            checkOpen();
            Status.Code code = e.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE) {
                channels.discard(member);
            }
            throw Failures.of(member, e);
        } catch (EtcdException e) {
            throw e;
        } catch (PgHaException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a request to etcd was interrupted");
            }
            throw new EtcdException(
                    Problem.of(
                            EtcdException.UNREACHABLE,
                            member + " is not reached: " + e.problem().message(),
                            e.remedy()),
                    e);
        }
    }

    /** Asks again after a log-in: what was refused for want of one has changed nothing. */
    private <T> T known(URI member, Duration limit, Function<Channel, T> request) {
        try {
            return request.apply(channels.to(member, limit));
        } catch (StatusRuntimeException e) {
            if (!channels.login(member, limit, e)) {
                throw e;
            }
            return request.apply(channels.to(member, limit));
        }
    }

    /** The streaming calls' channel: they end when the client closes, not by a deadline. */
    public Channel stream(URI member) {
        checkOpen();
        return channels.to(member, Duration.ofDays(3650));
    }

    public void discard(URI member) {
        channels.discard(member);
    }

    /** Members that were found are asked as well; those that were given stay, in case all others leave. */
    public void found(List<URI> members) {
        List<URI> all = new ArrayList<>(options.endpoints());
        members.stream().filter(member -> !all.contains(member)).forEach(all::add);
        endpoints = List.copyOf(all);
    }

    private List<URI> order() {
        List<URI> order = new ArrayList<>(endpoints);
        last.ifPresent(member -> {
            order.remove(member);
            order.add(0, member);
        });
        return order;
    }

    public void checkOpen() {
        if (closed) {
            throw Failures.closed();
        }
    }

    @Override
    public void close() {
        closed = true;
        channels.close();
    }
}
