package io.middleware.chaos.measure;

import java.util.regex.Pattern;

/** Whether an error leaves open that its call was executed. */
public final class Doubt {

    private static final Pattern MAY_HAVE_RUN = Pattern.compile("may (already )?have run");

    private Doubt() {}

    /** Returns whether the text of an error says so: gateways, the client and the starter use the same words. */
    public static boolean isToldBy(String error) {
        return MAY_HAVE_RUN.matcher(error).find();
    }
}
