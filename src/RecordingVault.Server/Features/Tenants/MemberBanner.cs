using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>Something that a member is told on each of his pages until it is over. Slices that know such a thing register it here.</summary>
internal interface IMemberBanner
{
    Task<PageBanner?> FindAsync(Guid memberId, CancellationToken cancellationToken);
}
