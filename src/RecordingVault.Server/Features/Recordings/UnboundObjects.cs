namespace RecordingVault.Server.Features.Recordings;

/// <summary>What a slice has sealed for a recording and no manifest binds yet, or binds no more: it must not be taken for what a crash left behind.</summary>
internal interface IUnboundObjects
{
    /// <summary>Whether there may be such objects now. Until there are none, nothing of the recording is swept.</summary>
    Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Recordings for which the slice has lately sealed something: a process that died may have left objects there.</summary>
    IQueryable<Guid> Recordings();
}
