//! What it costs to serve each client from each site.

/// One site that may serve a client, and what that costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// What it costs.
    pub cost: f64,
    /// The site.
    pub site: u32,
}

/// For each client what it costs as things are, and the sites from which it costs less, cheapest first.
#[derive(Clone, Debug)]
pub struct Costs {
    sites: usize,
    /// What the clients cost together for whom nothing is left to choose.
    settled: f64,
    base: Vec<f64>,
    starts: Vec<usize>,
    entries: Vec<Entry>,
}

impl Costs {
    /// Of so many sites, without clients.
    pub fn new(sites: usize) -> Self {
        Self { sites, settled: 0.0, base: Vec::new(), starts: vec![0], entries: Vec::new() }
    }

    /// Adds a client: what it costs where no site serves it (finite), and what from which site. Sites that are no better than
    /// that are left out.
    pub fn push(&mut self, base: f64, row: impl IntoIterator<Item = Entry>) {
        let from = self.entries.len();
        self.entries.extend(row.into_iter().filter(|entry| entry.cost < base));
        self.entries[from..].sort_unstable_by(|a, b| a.cost.total_cmp(&b.cost).then(a.site.cmp(&b.site)));
        self.base.push(base);
        self.starts.push(self.entries.len());
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// How many clients there are.
    pub fn clients(&self) -> usize {
        self.base.len()
    }

    /// How many pairs there are.
    pub fn pairs(&self) -> usize {
        self.entries.len()
    }

    /// What the clients cost together that are no longer among them.
    pub(super) fn settled(&self) -> f64 {
        self.settled
    }

    /// What a client costs where no site serves it.
    #[inline]
    pub fn base(&self, client: usize) -> f64 {
        self.base[client]
    }

    /// The sites that serve a client better, cheapest first.
    #[inline]
    pub fn row(&self, client: usize) -> &[Entry] {
        &self.entries[self.starts[client]..self.starts[client + 1]]
    }

    /// All clients, each with its base and its sites.
    pub fn rows(&self) -> impl Iterator<Item = (f64, &[Entry])> {
        (0..self.clients()).map(|client| (self.base(client), self.row(client)))
    }

    /// Whether each site is among those chosen.
    pub fn open(&self, sites: &[u32]) -> Vec<bool> {
        let mut open = vec![false; self.sites];
        sites.iter().for_each(|&site| open[site as usize] = true);
        open
    }

    /// What all clients cost together where these sites are open.
    pub fn of(&self, sites: &[u32]) -> f64 {
        let open = self.open(sites);
        self.rows().map(|(base, row)| row.iter().find(|e| open[e.site as usize]).map_or(base, |e| e.cost)).sum()
    }

    /// What the client that costs most costs where these sites are open; 0 without clients.
    pub fn most(&self, sites: &[u32]) -> f64 {
        let open = self.open(sites);
        self.rows()
            .map(|(base, row)| row.iter().find(|e| open[e.site as usize]).map_or(base, |e| e.cost))
            .fold(0.0, f64::max)
    }

    /// The site among these that serves each client best; None where it is served no better than before.
    pub fn served_by(&self, sites: &[u32]) -> Vec<Option<u32>> {
        let open = self.open(sites);
        self.rows().map(|(_, row)| row.iter().find(|e| open[e.site as usize]).map(|e| e.site)).collect()
    }

    /// The same without the pairs that do not pass.
    pub(super) fn thinned(&self, passes: impl Fn(usize, &Entry) -> bool) -> Self {
        let mut thin = Self { settled: self.settled, ..Self::new(self.sites) };
        for client in 0..self.clients() {
            thin.entries.extend(self.row(client).iter().filter(|entry| passes(client, entry)));
            thin.base.push(self.base(client));
            thin.starts.push(thin.entries.len());
        }
        thin
    }

    /// What is left to choose once some sites are decided: nobody goes farther than to the nearest one that is in, and whoever has
    /// nothing nearer is settled. With the clients that stay, in their order, each with what `of` says of it.
    pub(super) fn decided<T>(
        &self,
        is_in: impl Fn(u32) -> bool,
        is_out: impl Fn(u32) -> bool,
        of: impl Fn(usize, f64) -> T,
    ) -> (Self, Vec<T>) {
        let mut left = Self { settled: self.settled, ..Self::new(self.sites) };
        let mut kept = Vec::with_capacity(self.clients());
        for client in 0..self.clients() {
            let row = self.row(client);
            let nearer = row.iter().position(|entry| is_in(entry.site)).unwrap_or(row.len());
            let base = row.get(nearer).map_or(self.base(client), |entry| entry.cost);
            let before = left.entries.len();
            left.entries.extend(row[..nearer].iter().filter(|entry| !is_out(entry.site)));
            if left.entries.len() == before {
                left.settled += base;
            } else {
                left.base.push(base);
                left.starts.push(left.entries.len());
                kept.push(of(client, base));
            }
        }
        (left, kept)
    }
}

/// The same pairs by site.
pub(super) struct Columns {
    starts: Vec<usize>,
    entries: Vec<(f64, u32)>,
}

impl Columns {
    pub fn of(costs: &Costs) -> Self {
        let mut starts = vec![0; costs.sites + 1];
        costs.entries.iter().for_each(|entry| starts[entry.site as usize + 1] += 1);
        (0..costs.sites).for_each(|site| starts[site + 1] += starts[site]);
        let mut next = starts.clone();
        let mut entries = vec![(0.0, 0); costs.entries.len()];
        for client in 0..costs.clients() {
            for entry in costs.row(client) {
                let at = &mut next[entry.site as usize];
                entries[*at] = (entry.cost, client as u32);
                *at += 1;
            }
        }
        Self { starts, entries }
    }

    /// What a site costs, and for which client.
    #[inline]
    pub fn column(&self, site: u32) -> &[(f64, u32)] {
        &self.entries[self.starts[site as usize]..self.starts[site as usize + 1]]
    }
}
