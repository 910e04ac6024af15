package io.pgha.patroni.internal.rest;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.text.BadAnswerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One read that whichever member answers first may serve. A member that was prompt the last time is asked by the
 * calling thread itself, which is several times as fast as waiting for other threads; where it is not prompt again, and
 * where none was, members are asked by the client's threads, each a moment after the one before. Confined to one call.
 */
final class FirstAnswer<T> {
    private final Rest rest;
    private final Request request;
    private final Rest.Reader<T> reader;
    private final Duration stagger;
    private final Deadline deadline;
    private final Deque<Channel> waiting;
    private final List<Call> asked = new ArrayList<>();
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final Map<Channel, Failure> failures = new LinkedHashMap<>();
    private Deadline next = Deadline.in(Duration.ZERO);

    private record Finished(Call call, Reply reply) {}

    FirstAnswer(Rest rest, String path, Rest.Reader<T> reader, Duration stagger, Deadline deadline) {
        this.rest = rest;
        this.request = Request.get(path);
        this.reader = reader;
        this.stagger = stagger;
        this.deadline = deadline;
        this.waiting = new ArrayDeque<>(rest.members().byHope());
    }

    Rest.Served<T> get() throws InterruptedException {
        try {
            Optional<Rest.Served<T>> served = waiting.getFirst().prompt() ? alone() : Optional.empty();
            return served.isPresent() ? served.get() : race();
        } finally {
            asked.forEach(call -> call.cancel(Reply.Kind.CANCELLED, "no longer needed"));
        }
    }

    /** A question that was given up after the moment in which the next member would be asked is put again, to both. */
    private Optional<Rest.Served<T>> alone() throws InterruptedException {
        Deadline patience = deadline.atMost(stagger);
        Call call = rest.askHere(waiting.getFirst(), request, patience);
        Reply reply = call.reply();
        if (reply instanceof Reply.NoAnswer && patience.passed()) {
            call.channel().late();
            ask(Duration.ZERO);
            return Optional.empty();
        }
        waiting.remove();
        return use(call, reply);
    }

    private Rest.Served<T> race() throws InterruptedException {
        while (true) {
            if (!waiting.isEmpty() && (asked.isEmpty() || next.passed())) {
                ask(stagger);
            }
            Finished one = finished.poll(patience(), TimeUnit.NANOSECONDS);
            if (one != null) {
                asked.remove(one.call());
                Optional<Rest.Served<T>> served = use(one.call(), one.reply());
                if (served.isPresent()) {
                    return served.get();
                }
            } else if (deadline.passed()) {
                asked.forEach(call -> {
                    call.channel().shun();
                    failures.put(call.channel(), Failure.tooLate(deadline.limit()));
                });
                waiting.clear();
            }
            rest.checkOpen();
            if (waiting.isEmpty() && (asked.isEmpty() || deadline.passed())) {
                throw Failure.ofAll(request, failures);
            }
        }
    }

    private void ask(Duration untilNext) {
        Call call = rest.start(waiting.remove(), request);
        asked.add(call);
        call.whenDone(reply -> finished.add(new Finished(call, reply)));
        next = Deadline.in(untilNext);
    }

    /** Returns what a usable answer says. After any other the next member is asked at once. */
    private Optional<Rest.Served<T>> use(Call call, Reply reply) {
        Channel channel = call.channel();
        try {
            T value = reader.read(Failure.bodyOf(reply));
            channel.answeredAfter(call.age());
            rest.members().prefer(channel);
            return Optional.of(new Rest.Served<>(channel, value));
        } catch (Failure.FailedException e) {
            failures.put(channel, e.failure());
        } catch (BadAnswerException e) {
            failures.put(channel, Failure.badAnswer(e.getMessage()));
        }
        channel.shun();
        next = Deadline.in(Duration.ZERO);
        return Optional.empty();
    }

    private long patience() {
        long untilEnd = deadline.remaining().toNanos();
        return waiting.isEmpty()
                ? untilEnd
                : Math.min(untilEnd, next.remaining().toNanos());
    }
}
