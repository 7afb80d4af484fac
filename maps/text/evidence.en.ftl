# Photographs as evidence.
evidence-type = A photograph may be { $known }; this is “{ $value }”
evidence-type-disagrees = The photograph is declared as { $value } and is { $found }; it was not kept
evidence-unreadable = The photograph cannot be read: it is none, or it is broken
evidence-cut = The photograph did not arrive whole: send it again
evidence-too-large = The photograph is larger than { $limit } MB: make it smaller and send it again
evidence-too-many-pixels = The photograph has more than { $limit } million pixels: make it smaller and send it again
evidence-missing = Cannot open the photograph { $file }: { $cause }
evidence-unknown = There is no photograph “{ $id }”
evidence-disk-full = The disk is full; the photograph was not kept
