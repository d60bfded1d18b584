using System.Text.Json.Serialization;

namespace RecordingVault.Server.Features.Sharing.Marks;

/// <summary>The mark of a link, and how far the copy is that it is drawn onto.</summary>
/// <param name="State">waiting, running, done or failed. While it is not done the link shows nothing of the film.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Failure">Our word for why it could not be made; null unless it failed.</param>
internal sealed record VisibleMarkResponse(bool Slate, bool Corner, string Language, string State, int Percent, string? Failure)
{
    /// <summary>The file that the link's page plays; null while there is none.</summary>
    [JsonIgnore]
    public Guid? File { get; init; }
}
