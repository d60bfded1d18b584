namespace RecordingVault.Marks.Vocabulary;

/// <summary>What a machine may want a recording for, as CAWG Training and Data Mining 1.1 names it; search stands beside those four because AIPREF and PLUS tell it apart.</summary>
public enum Use
{
    /// <summary><c>cawg.ai_generative_training</c>.</summary>
    GenerativeTraining,

    /// <summary><c>cawg.ai_training</c>: a model that generates nothing.</summary>
    OtherTraining,

    /// <summary><c>cawg.ai_inference</c>: as input of a model, for a transcript or a summary.</summary>
    Inference,

    /// <summary><c>cawg.data_mining</c>.</summary>
    Mining,

    /// <summary>A search engine's index (AIPREF <c>search</c>).</summary>
    Search,
}

/// <summary>
/// What is said of one use. <see cref="Allowed"/> is the least of it and <see cref="Prohibited"/> the most; between them stand two that can't be compared:
/// one who says "under conditions" and one who says nothing agree only in a prohibition.
/// </summary>
public enum UseDecision
{
    Allowed,

    /// <summary>Allowed under conditions that are told elsewhere; whoever does not know them reads a prohibition (CAWG 1.1).</summary>
    Constrained,

    /// <summary>Nothing is said, which is no permission.</summary>
    Unspecified,

    Prohibited,
}

public static class UseDecisions
{
    /// <summary>The least decision that is as strict as both.</summary>
    public static UseDecision Join(this UseDecision one, UseDecision other)
    {
        if (one == other || other == UseDecision.Allowed)
            return one;
        return one == UseDecision.Allowed ? other : UseDecision.Prohibited;
    }
}
