namespace RecordingVault.Server.Features.Recordings;

/// <summary>What is kept of the answers of people who were recorded. The slice above keeps it; who has answered is not taken off a recording by a change of its list of people.</summary>
internal interface IPeopleAnswers
{
    /// <summary>The people of a recording about whom something is on record.</summary>
    Task<IReadOnlySet<Guid>> WithRecordsAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Deletes all of it, in the running transaction, of a recording that is being destroyed.</summary>
    Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <summary>Who is known beyond one recording. The slice above keeps it; a list of people that is sent anew leaves those rows in place where name and address are the same.</summary>
internal interface IPeopleLinks
{
    /// <summary>The people of a recording who belong to a contact.</summary>
    Task<IReadOnlySet<Guid>> LinkedAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>In the running transaction: whoever is named in another recording too belongs there to the contact that he belongs to here.</summary>
    /// <param name="people">Who somebody of the one is in the other.</param>
    Task LinkLikeAsync(Guid fromId, Guid toId, IReadOnlyDictionary<Guid, Guid> people, CancellationToken cancellationToken);
}
