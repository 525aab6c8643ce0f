package io.middleware.core;

/**
 * The attempts of a call that did not succeed, the latest first, to be told to a caller that gets no answer.
 *
 * @param before null at the first
 */
record Story(Story before, Instance instance, Outcome outcome) {

    /** One sentence: the service, each instance tried and why it did not answer, and why it was left at that. */
    static String tell(Service service, Story last, String because) {
        if (last == null) {
            return because != null ? because : service + " was not tried: no time was left";
        }
        StringBuilder told = new StringBuilder();
        for (Story one = last; one != null; one = one.before) {
            told.insert(0, "; " + one.instance.id() + " (" + one.instance.pool().name().toLowerCase(java.util.Locale.ROOT) + "): "
                    + one.outcome.inWords());
        }
        told.replace(0, 2, service + " did not answer: ");
        return because == null ? told.toString() : told + ". Not tried again: " + because;
    }
}
