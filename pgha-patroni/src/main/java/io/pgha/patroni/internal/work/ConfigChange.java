package io.pgha.patroni.internal.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.spi.WorkContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Changes the dynamic configuration until the own member shows that nothing is left to change ({@code PATCH /config}).
 * Immutable and thread-safe.
 *
 * @param missing the patch that a configuration, as Patroni has it, still needs; empty where it is as wanted
 */
public record ConfigChange(Function<String, ObjectNode> missing) {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ONE_MEMBER = Duration.ofSeconds(10);

    /**
     * A member that just writes itself (409), has no configuration yet (503) or has lost sight of etcd for a moment is
     * asked again. Any member may take the change; the own one may learn of it only in its next round, and nothing is
     * sent twice for that.
     */
    public void make(Access access, WorkContext context) throws InterruptedException {
        Channel own = new OwnMember(access).channel();
        Deadline deadline = Deadline.in(LIMIT);
        boolean taken = false;
        String last = "none";
        while (true) {
            Optional<ObjectNode> patch = config(access, own, deadline).map(missing);
            if (patch.filter(ObjectNode::isEmpty).isPresent()) {
                return;
            }
            if (deadline.passed()) {
                throw context.failed("failed: "
                        + (taken
                                ? "a member took the change, and "
                                        + context.node().name() + " has not seen it for " + LIMIT.toSeconds() + " s"
                                : "no member takes the change; the last answer was: " + last));
            }
            if (patch.isPresent() && !taken) {
                Optional<String> refusal = send(access, context, patch.get(), deadline);
                taken = refusal.isEmpty();
                last = refusal.orElse(last);
            }
            access.pause();
        }
    }

    private static Optional<String> config(Access access, Channel own, Deadline deadline) throws InterruptedException {
        Reply reply = access.rest().ask(own, Request.get("/config"), deadline.atMost(ONE_MEMBER));
        return Optional.of(reply)
                .filter(Reply.Answer.class::isInstance)
                .map(Reply.Answer.class::cast)
                .filter(answer -> answer.status() == 200)
                .map(Reply.Answer::text);
    }

    /** Returns the last member's words, or nothing where a member has taken the patch. */
    private static Optional<String> send(Access access, WorkContext context, ObjectNode patch, Deadline deadline)
            throws InterruptedException {
        Request request = Request.patch("/config", WantedConfig.json(patch));
        Optional<String> last = Optional.empty();
        for (Channel channel : access.rest().members().byHope()) {
            Told told = Commands.send(access.rest(), channel, request, deadline.atMost(ONE_MEMBER));
            if (told.answered(200)) {
                return Optional.empty();
            }
            if (told.answered(400)) {
                throw context.failed("failed: " + told.words());
            }
            last = Optional.of(told.words());
        }
        return last;
    }
}
