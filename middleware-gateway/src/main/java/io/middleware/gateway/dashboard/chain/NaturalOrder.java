package io.middleware.gateway.dashboard.chain;

/** Orders names as people do: {@code server-2} before {@code server-10}. */
final class NaturalOrder {
    private NaturalOrder() {}

    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
                int endOfA = endOfNumber(a, i);
                int endOfB = endOfNumber(b, j);
                int order = numbers(a, i, endOfA, b, j, endOfB);
                if (order != 0) {
                    return order;
                }
                i = endOfA;
                j = endOfB;
            } else if (a.charAt(i) != b.charAt(j)) {
                return Character.compare(a.charAt(i), b.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    /** Compares numbers of any length. Without substrings: a picture is sorted whenever it is made. */
    private static int numbers(String a, int i, int endOfA, String b, int j, int endOfB) {
        int first = afterZeros(a, i, endOfA);
        int second = afterZeros(b, j, endOfB);
        int order = Integer.compare(endOfA - first, endOfB - second);
        for (int k = 0; order == 0 && first + k < endOfA; k++) {
            order = Character.compare(a.charAt(first + k), b.charAt(second + k));
        }
        return order;
    }

    private static int afterZeros(String text, int start, int end) {
        int first = start;
        while (first < end - 1 && text.charAt(first) == '0') {
            first++;
        }
        return first;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int endOfNumber(String text, int start) {
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
