package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.Pause;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.view.MemberView;
import io.pgha.text.DurationText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns maintenance mode on or off, and waits until the members go by it. */
public final class PauseOperation {
    private final Access access;
    private final Pause wanted;
    private final Mode mode;

    /** The two ways. */
    public enum Mode {
        /** On. */
        PAUSED(true, "the pause"),
        /** Off. */
        RESUMED(false, "the end of the pause");

        private final boolean paused;
        private final String words;

        Mode(boolean paused, String words) {
            this.paused = paused;
            this.words = words;
        }
    }

    public PauseOperation(Access access, Pause wanted, Mode mode) {
        this.access = access;
        this.wanted = wanted;
        this.mode = mode;
    }

    public PauseResult run() throws InterruptedException {
        boolean changed = access.reader().view().paused() != mode.paused;
        Optional<String> note = changed ? change() : Optional.empty();
        return recognized(changed, note.orElse(""));
    }

    private Optional<String> change() throws InterruptedException {
        Map<String, Object> patch = new HashMap<>();
        patch.put("pause", mode.paused ? Boolean.TRUE : null); // null removes the key
        return new SettingPatch(access, patch, () -> access.reader().view().paused() == mode.paused)
                .apply(mode.words, access.reader().settings());
    }

    private PauseResult recognized(boolean changed, String note) throws InterruptedException {
        Deadline deadline = Deadline.in(wanted.await());
        while (true) {
            Recognition now = look();
            if (now.waiting().isEmpty() || wanted.await().isZero()) {
                return new PauseResult(changed, now.done(), now.silent(), Text.printable(note), Optional.empty());
            }
            if (deadline.passed()) {
                List<MemberResult> members = new ArrayList<>();
                now.done().forEach(name -> members.add(Results.of(name, MemberOutcome.DONE, "")));
                now.waiting().forEach(name -> members.add(Results.of(name, MemberOutcome.FAILED, "not yet")));
                throw Results.stopped(
                        "waiting for " + mode.words,
                        "it was asked for, and not every member has recognized it within "
                                + DurationText.of(wanted.await()),
                        members,
                        "see Patroni's log on the members that have not; undo it with "
                                + (mode.paused ? "resume" : "pause") + " if you cannot wait.");
            }
            access.pause();
        }
    }

    private record Recognition(List<String> done, List<String> waiting, List<String> silent) {}

    private Recognition look() throws InterruptedException {
        Recognition seen = new Recognition(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Optional<Replication> look = Replication.look(access, access.rest().oneRequest());
        if (look.isEmpty()) {
            return new Recognition(List.of(), List.of("any member"), List.of());
        }
        for (MemberView member : look.get().view().members()) {
            Optional<StatusDocument> status = look.get().status(member.name());
            List<String> list = status.isEmpty()
                    ? seen.silent()
                    : status.get().paused() == mode.paused ? seen.done() : seen.waiting();
            list.add(member.name());
        }
        if (look.get().view().paused() != mode.paused) {
            seen.waiting().add("etcd");
        }
        return seen;
    }
}
