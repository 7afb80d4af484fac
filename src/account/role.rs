//! What somebody is in the township's work.

/// A role. Each may read; what is personal is read in clear, and anything is written, as the role says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reads, and what is personal stays masked.
    Viewer,
    /// A grid worker (网格员): writes, and reads in clear, within the grid cells that are theirs.
    GridWorker,
    /// A village's clerk (村): writes, and reads in clear, within the villages that are theirs.
    Village,
    /// The township's planner: writes, and reads in clear, everywhere.
    Planner,
    /// As a planner, and sees how the server does.
    Administrator,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::GridWorker, Self::Village, Self::Planner, Self::Administrator];

    /// Its word in files, JSON and commands; people read `role-<word>` of `maps/text`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::GridWorker => "grid_worker",
            Self::Village => "village",
            Self::Planner => "planner",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it works everywhere in the town.
    pub fn everywhere(self) -> bool {
        matches!(self, Self::Planner | Self::Administrator)
    }

    /// Whether it works within areas of its own.
    pub fn in_areas(self) -> bool {
        matches!(self, Self::GridWorker | Self::Village)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_by_its_own_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
            assert!(!(role.everywhere() && role.in_areas()), "{role:?}");
        }
        assert_eq!(Role::parse("Administrator"), None);
    }
}
