namespace RecordingVault.Server.Features.Audit;

/// <summary>
/// What belongs to a thing of the log: the links and uploads of a recording. The log knows ids only; the slices that keep such things answer, so that the
/// activity of a recording tells of its links too.
/// </summary>
internal interface ITargetKin
{
    Task<IReadOnlyList<Guid>> OfAsync(Guid target, CancellationToken cancellationToken);
}
