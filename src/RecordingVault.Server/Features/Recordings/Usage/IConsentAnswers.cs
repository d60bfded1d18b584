using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>What the people of recordings agreed to, as the slice above keeps it. What it does not tell of is not given (P5).</summary>
internal interface IConsentAnswers
{
    /// <summary>Of each of the recordings, by as many queries however many they are.</summary>
    Task<IReadOnlyDictionary<Guid, ConsentFacts>> FactsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);
}
