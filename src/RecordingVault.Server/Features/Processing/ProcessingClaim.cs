using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Processing;

/// <summary>A worker's hold on an original. Whoever was taken for gone, and is not, holds nothing any more when he comes to say what he made: another one is at it.</summary>
/// <param name="Since">When it was taken; the row says the same for as long as it is his.</param>
internal sealed record ProcessingClaim(RecordingAsset Asset, DateTimeOffset Since);

/// <summary>Somebody else has taken up the work, or began it anew.</summary>
internal sealed class ClaimLostException() : Exception("Somebody else is at this work by now.");
