package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsedAnswersTest {
    private static final Probe ONE = new Probe("one", "ask", "bare");
    private static final Probe OTHER = new Probe("other", "ask", "as bare");
    private static final Probe REWORDED = new Probe("one", "ask in other words", "bare");

    private final RehearsedAnswers answers = new RehearsedAnswers();

    private String of(Probe probe) {
        return answers.of(List.of(probe)).get(probe.id());
    }

    @Test
    void aMachineThatNobodyTouchedIsBare() {
        assertThat(answers.of(List.of(ONE, OTHER))).containsEntry("one", "bare").containsEntry("other", "as bare");
    }

    @Test
    void whoAsksInTheSameWordsGetsTheSameAnswer() {
        answers.settle(ONE, "left\n\n");
        assertThat(of(ONE)).isEqualTo("left");
        assertThat(of(OTHER)).isEqualTo("left");
        answers.settle(OTHER, "left later");
        assertThat(of(ONE)).isEqualTo("left later");
    }

    @Test
    void whoAsksInOtherWordsGetsWhatWasLastLeft() {
        answers.settle(ONE, "left");
        assertThat(of(REWORDED)).isEqualTo("left");
    }

    /** Both ask after the same thing: they have asked in the same words before. */
    @Test
    void whoAsksInOtherWordsGetsWhatAnotherOfTheSameWordsWasLeft() {
        answers.of(List.of(ONE, OTHER));
        answers.settle(OTHER, "left");
        assertThat(of(REWORDED)).isEqualTo("left");
        assertThat(of(new Probe("stranger", "ask in other words", "bare"))).isEqualTo("bare");
    }

    @Test
    void whatSomebodyChoseHoldsUntilAStepLeavesSomethingElse() {
        answers.settle(ONE, "left");
        answers.put("one", "chosen");
        assertThat(of(ONE)).isEqualTo("chosen");
        assertThat(of(OTHER)).isEqualTo("left");
        answers.settle(ONE, "left again");
        assertThat(of(ONE)).isEqualTo("left again");
    }
}
