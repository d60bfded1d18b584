namespace RecordingVault.Server.Platform.Jobs;

/// <summary>A job of one tenant. It runs in that tenant's scope; its arguments are ids, and it may run twice or be killed anywhere: the row is the truth.</summary>
internal interface ITenantJob
{
    /// <summary>Name in queues, logs and the dashboard.</summary>
    static abstract string Name { get; }

    /// <summary>Where it waits. What reads whole recordings waits in a queue of its own.</summary>
    static virtual string Queue => JobQueue.Quick;

    Task RunAsync(Guid subjectId, CancellationToken cancellationToken);
}

/// <summary>A job over all tenants: it lists their ids through the system scope and enters one tenant's scope at a time.</summary>
internal interface ISystemJob
{
    static abstract string Name { get; }

    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>What Hangfire's tables may hold of a failure: our slug and nothing of the exception, whose words could be somebody's (security.md 11).</summary>
internal sealed class JobFailedException(string slug) : Exception(slug)
{
    public override string? StackTrace => null;

    public override string ToString() => Message;
}
