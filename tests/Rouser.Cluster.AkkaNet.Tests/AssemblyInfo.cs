// Nodes of a cluster mostly wait for each other: as many tests at once as there are cores leave half of them idle.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
