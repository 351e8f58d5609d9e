// These tests start processes and wait for them, so one more than there are cores of a small machine keeps those busy.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
